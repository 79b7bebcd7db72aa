/*
 * The disk shim: an LD_PRELOAD library that stands between a process and the files of one folder.
 * Owns: the trace of what was written and synced there, and the failure of one chosen call.
 * Never touches: files outside the folder, memory-mapped writes, the process's own memory.
 *
 *   D1. Records are in the order in which the operations happened, over all threads of a process.
 *   D2. A write counts as durable only after a sync of its file that began after it has ended well,
 *       or, on an O_SYNC / O_DSYNC descriptor, after it has itself ended well.
 *   D3. What is not counted behaves as without the shim.
 *
 * Settings, all from the environment:
 *   JIFEN_SHIM_ROOT        the real path of the folder; without it the shim does nothing
 *   JIFEN_SHIM_TRACE       file to which the trace is appended
 *   JIFEN_SHIM_MATCH       only calls on files whose path below the root contains this are counted
 *   JIFEN_SHIM_FAIL_AT     1-based number of the counted write or sync call that fails
 *   JIFEN_SHIM_ERRNO       ENOSPC or EIO (the default)
 *   JIFEN_SHIM_HOW         refuse (the default): nothing is done and the call fails;
 *                          late: the call is carried out and then reported as failed;
 *                          short: a write stores half of its bytes, the next counted write fails;
 *                          hang: the call never returns
 *   JIFEN_SHIM_STICKY      1: every later counted call fails too
 *   JIFEN_SHIM_COUNT_FILE  file, mapped and shared with child processes, that holds the counts
 *
 * Writes to a file named "acks" are markers: recorded with their bytes, never counted, never failed.
 *
 * Everything below goes to the kernel through syscall(), so the shim never calls itself and
 * needs no dlsym. Not seen: msync and stores through mappings, io_uring, copy_file_range,
 * sendfile, and what libc writes internally (fwrite, fprintf).
 *
 * Record, little endian, 32 bytes and then `length` bytes where the kind has bytes:
 *   u8 kind, u8 flags, u16 extra, u32 pid, u32 handle, u32 serial, u64 offset, u64 length
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPEN = 1, WRITE, WRITE_END, SYNC, SYNC_END, TRUNCATE, RENAME, UNLINK, ACK };
enum { TRUNCATES = 1, SYNCHRONOUS = 2, DIRECTORY = 4 };
enum { UNKNOWN = 0, FOREIGN, COUNTED, ACKS };
enum { PASS = 0, REFUSE, LATE, SHORT, HANG };

struct record {
	uint8_t kind, flags;
	uint16_t extra;
	uint32_t pid, handle, serial;
	uint64_t offset, length;
};

/* One page, mapped and shared: the tests read it after the process has gone. */
struct counts {
	_Atomic uint64_t calls, failures;
	uint32_t failed_kind, failed_flags; /* of the first failed call */
	uint64_t failed_offset, failed_length;
	uint32_t failed_path_length;
	char failed_path[1024];
};

struct descriptor {
	_Atomic int state;
	uint32_t handle;
	int synchronous, append, matches;
	dev_t device;
	ino_t inode;
	char *path; /* below the root; never freed, another thread may still read it */
};

#define DESCRIPTORS 65536
static struct descriptor table[DESCRIPTORS];
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static _Atomic uint32_t handles, serials;
static struct counts local_counts, *counts = &local_counts;
static int ready, trace = -1, fail_errno = EIO, fail_how = REFUSE, sticky, short_pending;
static uint64_t fail_at;
static char root[PATH_MAX];
static size_t root_length;
static const char *match;

static void die(const char *what) {
	static const char name[] = "disk shim: ";
	syscall(SYS_write, 2, name, sizeof name - 1);
	syscall(SYS_write, 2, what, strlen(what));
	syscall(SYS_write, 2, "\n", 1);
	abort();
}

/* High descriptor numbers keep the trace away from programs that close or reuse the low ones. */
static int own_file(const char *path, int flags) {
	int fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, 0644);
	if (fd < 0) return -1;
	int high = (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 900);
	if (high < 0) return fd;
	syscall(SYS_close, fd);
	return high;
}

__attribute__((constructor)) static void start(void) {
	const char *value = getenv("JIFEN_SHIM_ROOT");
	if (!value || !*value || strlen(value) >= sizeof root) return;
	strcpy(root, value);
	root_length = strlen(root);
	match = getenv("JIFEN_SHIM_MATCH");
	if ((value = getenv("JIFEN_SHIM_FAIL_AT"))) fail_at = strtoull(value, NULL, 10);
	if ((value = getenv("JIFEN_SHIM_ERRNO")) && !strcmp(value, "ENOSPC")) fail_errno = ENOSPC;
	if ((value = getenv("JIFEN_SHIM_HOW")))
		fail_how = !strcmp(value, "late") ? LATE : !strcmp(value, "short") ? SHORT :
			!strcmp(value, "hang") ? HANG : REFUSE;
	if ((value = getenv("JIFEN_SHIM_STICKY"))) sticky = *value == '1';
	if ((value = getenv("JIFEN_SHIM_TRACE")) && *value) {
		trace = own_file(value, O_WRONLY | O_CREAT | O_APPEND);
		if (trace < 0) die("cannot open the trace file");
	}
	if ((value = getenv("JIFEN_SHIM_COUNT_FILE")) && *value) {
		int fd = own_file(value, O_RDWR | O_CREAT);
		if (fd < 0 || syscall(SYS_ftruncate, fd, 4096) < 0) die("cannot open the count file");
		void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		if (page == MAP_FAILED) die("cannot map the count file");
		counts = page;
		syscall(SYS_close, fd);
	}
	ready = 1;
}

/* ---- the trace ---- */

static void emit(struct record *record, const struct iovec *bytes, int parts) {
	if (trace < 0) return;
	struct iovec all[1025]; /* IOV_MAX and the header */
	size_t left = record->length, total = sizeof *record;
	int n = 1;
	record->pid = (uint32_t)syscall(SYS_getpid);
	all[0].iov_base = record;
	all[0].iov_len = sizeof *record;
	for (int i = 0; i < parts && left > 0; i++) {
		size_t take = bytes[i].iov_len < left ? bytes[i].iov_len : left;
		if (n == 1025) die("too many parts in one write");
		all[n].iov_base = bytes[i].iov_base;
		all[n++].iov_len = take;
		left -= take;
		total += take;
	}
	if (syscall(SYS_writev, trace, all, n) != (long)total) die("cannot write the trace");
}

static void note(int kind, int flags, struct descriptor *d, uint32_t serial, int extra,
		uint64_t offset, uint64_t length, const struct iovec *bytes, int parts) {
	struct record record = {0};
	record.kind = (uint8_t)kind;
	record.flags = (uint8_t)flags;
	record.extra = (uint16_t)extra;
	record.handle = d ? d->handle : 0;
	record.serial = serial;
	record.offset = offset;
	record.length = length;
	emit(&record, bytes, parts);
}

/* ---- which files count ---- */

static const char *below_root(const char *path) {
	if (strncmp(path, root, root_length)) return NULL;
	if (path[root_length] == 0) return "";
	return path[root_length] == '/' ? path + root_length + 1 : NULL;
}

static int path_of(int fd, char *into) {
	char link[40];
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	long n = syscall(SYS_readlinkat, AT_FDCWD, link, into, PATH_MAX - 1);
	if (n < 0) return -1;
	into[n] = 0;
	return 0;
}

/* Learns what a descriptor is; the caller keeps errno. */
static void learn(int fd, int truncates) {
	char path[PATH_MAX];
	struct descriptor *d = &table[fd];
	struct stat info;
	const char *below;
	if (path_of(fd, path) || !(below = below_root(path)) || fstat(fd, &info) ||
			!(S_ISREG(info.st_mode) || S_ISDIR(info.st_mode))) {
		atomic_store(&d->state, FOREIGN);
		return;
	}
	pthread_mutex_lock(&order);
	/* Again under the lock: a rename may have come between. */
	if (path_of(fd, path) || !(below = below_root(path))) {
		atomic_store(&d->state, FOREIGN);
		pthread_mutex_unlock(&order);
		return;
	}
	int flags = (int)syscall(SYS_fcntl, fd, F_GETFL);
	const char *slash = strrchr(below, '/');
	d->synchronous = (flags & O_DSYNC) != 0; /* O_SYNC contains O_DSYNC */
	d->append = (flags & O_APPEND) != 0;
	d->device = info.st_dev;
	d->inode = info.st_ino;
	d->path = strdup(below);
	d->matches = !match || !*match || strstr(below, match) != NULL;
	d->handle = ++handles;
	if (!strcmp(slash ? slash + 1 : below, "acks")) {
		atomic_store(&d->state, ACKS);
	} else {
		struct iovec name = {d->path, strlen(d->path)};
		note(OPEN, (truncates ? TRUNCATES : 0) | (d->synchronous ? SYNCHRONOUS : 0) |
			(S_ISDIR(info.st_mode) ? DIRECTORY : 0), d, 0, 0, 0, name.iov_len, &name, 1);
		atomic_store(&d->state, COUNTED);
	}
	pthread_mutex_unlock(&order);
}

static struct descriptor *find(int fd) {
	if (!ready || fd < 0 || fd >= DESCRIPTORS) return NULL;
	struct descriptor *d = &table[fd];
	int state = atomic_load(&d->state);
	if (state == FOREIGN) return NULL;
	int saved = errno;
	struct stat info;
	/* A descriptor closed behind our back (closedir, fclose) may be something else by now. */
	if (state == UNKNOWN || fstat(fd, &info) || info.st_ino != d->inode || info.st_dev != d->device) {
		learn(fd, 0);
		state = atomic_load(&d->state);
	}
	errno = saved;
	return state == FOREIGN ? NULL : d;
}

/* ---- the fault ---- */

/* Counts a call, under the lock, and says whether it is to fail. */
static int judge(int kind, struct descriptor *d, uint64_t offset, uint64_t length) {
	if (!d->matches) return PASS;
	uint64_t now = atomic_fetch_add(&counts->calls, 1) + 1;
	int verdict = PASS;
	if (fail_at && (now == fail_at || (sticky && now > fail_at))) {
		verdict = fail_how;
		if (fail_how == SHORT) {
			verdict = now == fail_at && kind == WRITE && length > 1 ? SHORT : REFUSE;
			if (verdict == SHORT) short_pending = 1;
		}
	}
	if (verdict == PASS && short_pending && kind == WRITE) verdict = REFUSE;
	if (verdict == REFUSE && kind == WRITE) short_pending = 0;
	if (verdict != PASS && atomic_fetch_add(&counts->failures, 1) == 0) {
		counts->failed_kind = (uint32_t)kind;
		counts->failed_flags = d->synchronous ? SYNCHRONOUS : 0;
		counts->failed_offset = offset;
		counts->failed_length = length;
		counts->failed_path_length = (uint32_t)strnlen(d->path, sizeof counts->failed_path);
		memcpy(counts->failed_path, d->path, counts->failed_path_length);
	}
	if (verdict == HANG) {
		pthread_mutex_unlock(&order);
		for (;;) pause();
	}
	return verdict;
}

/* ---- writes ---- */

static ssize_t raw_write(int fd, const struct iovec *bytes, int parts, int64_t offset, int flags) {
	if (flags) return syscall(SYS_pwritev2, fd, bytes, parts, (long)offset, 0L, flags);
	if (offset < 0)
		return parts == 1 ? syscall(SYS_write, fd, bytes->iov_base, bytes->iov_len)
			: syscall(SYS_writev, fd, bytes, parts);
	return parts == 1 ? syscall(SYS_pwrite64, fd, bytes->iov_base, bytes->iov_len, (long)offset)
		: syscall(SYS_pwritev, fd, bytes, parts, (long)offset, 0L);
}

/* The first `length` bytes of the parts, for a short write. */
static ssize_t raw_write_part(int fd, const struct iovec *bytes, int parts, int64_t offset, size_t length) {
	char *copy = malloc(length), *to = copy;
	size_t left = length;
	for (int i = 0; i < parts && left > 0; i++) {
		size_t take = bytes[i].iov_len < left ? bytes[i].iov_len : left;
		memcpy(to, bytes[i].iov_base, take);
		to += take;
		left -= take;
	}
	struct iovec one = {copy, length};
	ssize_t done = raw_write(fd, &one, 1, offset, 0);
	int saved = errno;
	free(copy);
	errno = saved;
	return done;
}

static ssize_t write_at(int fd, const struct iovec *bytes, int parts, int64_t offset, int flags) {
	struct descriptor *d = find(fd);
	if (!d) return raw_write(fd, bytes, parts, offset, flags);
	uint64_t length = 0;
	for (int i = 0; i < parts; i++) length += bytes[i].iov_len;
	pthread_mutex_lock(&order);
	if (atomic_load(&d->state) == ACKS) {
		ssize_t done = raw_write(fd, bytes, parts, offset, flags);
		int saved = errno;
		if (done > 0) note(ACK, 0, d, 0, 0, 0, (uint64_t)done, bytes, parts);
		pthread_mutex_unlock(&order);
		errno = saved;
		return done;
	}
	int64_t at = offset;
	if (d->append) {
		struct stat info;
		at = fstat(fd, &info) ? 0 : info.st_size;
	} else if (at < 0) {
		at = syscall(SYS_lseek, fd, 0L, SEEK_CUR);
	}
	int synchronous = d->synchronous || (flags & (RWF_DSYNC | RWF_SYNC));
	int verdict = judge(WRITE, d, (uint64_t)at, length);
	ssize_t done = -1;
	int saved = fail_errno;
	if (verdict == REFUSE) {
		pthread_mutex_unlock(&order);
		errno = fail_errno;
		return -1;
	}
	if (verdict == SHORT) length /= 2;
	if (!synchronous) {
		done = verdict == SHORT ? raw_write_part(fd, bytes, parts, offset, length)
			: raw_write(fd, bytes, parts, offset, flags);
		saved = errno;
		if (done > 0) note(WRITE, 0, d, 0, 0, (uint64_t)at, (uint64_t)done, bytes, parts);
		pthread_mutex_unlock(&order);
	} else {
		uint32_t serial = ++serials;
		note(WRITE, SYNCHRONOUS, d, serial, 0, (uint64_t)at, length, bytes, parts);
		pthread_mutex_unlock(&order); /* others may go on while the disk works */
		done = verdict == SHORT ? raw_write_part(fd, bytes, parts, offset, length)
			: raw_write(fd, bytes, parts, offset, flags);
		saved = errno;
		pthread_mutex_lock(&order);
		int failed = verdict == LATE ? fail_errno : done < 0 ? saved : 0;
		note(WRITE_END, SYNCHRONOUS, d, serial, failed, (uint64_t)at, 0, NULL, 0);
		pthread_mutex_unlock(&order);
	}
	if (verdict == LATE) {
		errno = fail_errno;
		return -1;
	}
	errno = saved;
	return done;
}

ssize_t write(int fd, const void *from, size_t length) {
	struct iovec one = {(void *)from, length};
	return write_at(fd, &one, 1, -1, 0);
}
ssize_t pwrite(int fd, const void *from, size_t length, off_t offset) {
	struct iovec one = {(void *)from, length};
	return write_at(fd, &one, 1, offset, 0);
}
ssize_t pwrite64(int fd, const void *from, size_t length, off64_t offset) {
	return pwrite(fd, from, length, offset);
}
ssize_t writev(int fd, const struct iovec *bytes, int parts) { return write_at(fd, bytes, parts, -1, 0); }
ssize_t pwritev(int fd, const struct iovec *bytes, int parts, off_t offset) {
	return write_at(fd, bytes, parts, offset, 0);
}
ssize_t pwritev64(int fd, const struct iovec *bytes, int parts, off64_t offset) {
	return write_at(fd, bytes, parts, offset, 0);
}
ssize_t pwritev2(int fd, const struct iovec *bytes, int parts, off_t offset, int flags) {
	return write_at(fd, bytes, parts, offset, flags);
}
ssize_t pwritev64v2(int fd, const struct iovec *bytes, int parts, off64_t offset, int flags) {
	return write_at(fd, bytes, parts, offset, flags);
}

/* ---- syncs ---- */

static int sync_file(int fd, long call) {
	struct descriptor *d = find(fd);
	if (!d || atomic_load(&d->state) == ACKS) return (int)syscall(call, fd);
	pthread_mutex_lock(&order);
	int verdict = judge(SYNC, d, 0, 0);
	uint32_t serial = ++serials;
	note(SYNC, 0, d, serial, 0, 0, 0, NULL, 0);
	pthread_mutex_unlock(&order);
	int done = verdict == REFUSE ? -1 : (int)syscall(call, fd);
	int failed = verdict != PASS ? fail_errno : done < 0 ? errno : 0;
	pthread_mutex_lock(&order);
	note(SYNC_END, 0, d, serial, failed, 0, 0, NULL, 0);
	pthread_mutex_unlock(&order);
	if (!failed) return 0;
	errno = failed;
	return -1;
}

int fsync(int fd) { return sync_file(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_file(fd, SYS_fdatasync); }

/* Promises nothing after a power cut, so it may fail but makes nothing durable. */
int sync_file_range(int fd, off64_t offset, off64_t length, unsigned flags) {
	struct descriptor *d = find(fd);
	if (d && atomic_load(&d->state) == COUNTED) {
		pthread_mutex_lock(&order);
		int verdict = judge(SYNC, d, (uint64_t)offset, (uint64_t)length);
		pthread_mutex_unlock(&order);
		if (verdict != PASS) {
			errno = fail_errno;
			return -1;
		}
	}
	return (int)syscall(SYS_sync_file_range, fd, offset, length, flags);
}

/* ---- lengths ---- */

int ftruncate(int fd, off_t length) {
	struct descriptor *d = find(fd);
	if (!d || atomic_load(&d->state) == ACKS) return (int)syscall(SYS_ftruncate, fd, length);
	pthread_mutex_lock(&order);
	int done = (int)syscall(SYS_ftruncate, fd, length), saved = errno;
	if (done == 0) note(TRUNCATE, 0, d, 0, 0, (uint64_t)length, 0, NULL, 0);
	pthread_mutex_unlock(&order);
	errno = saved;
	return done;
}
int ftruncate64(int fd, off64_t length) { return ftruncate(fd, length); }

/* ---- opening and closing ---- */

static int open_at(int folder, const char *path, int flags, mode_t mode) {
	int fd = (int)syscall(SYS_openat, folder, path, flags, mode);
	if (fd < 0 || !ready || fd >= DESCRIPTORS) return fd;
	int saved = errno;
	learn(fd, (flags & O_TRUNC) && (flags & O_ACCMODE) != O_RDONLY);
	errno = saved;
	return fd;
}

#define MODE_AFTER(flags) \
	mode_t mode = 0; \
	if ((flags) & O_CREAT || ((flags) & O_TMPFILE) == O_TMPFILE) { \
		va_list rest; \
		va_start(rest, flags); \
		mode = va_arg(rest, mode_t); \
		va_end(rest); \
	}

int open(const char *path, int flags, ...) { MODE_AFTER(flags) return open_at(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE_AFTER(flags) return open_at(AT_FDCWD, path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE_AFTER(flags) return open_at(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { MODE_AFTER(flags) return open_at(folder, path, flags, mode); }
int creat(const char *path, mode_t mode) { return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return creat(path, mode); }

/* No lock: a child between fork and exec closes descriptors too. */
int close(int fd) {
	if (fd >= 0 && fd < DESCRIPTORS) atomic_store(&table[fd].state, UNKNOWN);
	return (int)syscall(SYS_close, fd);
}

/* ---- names ---- */

/* The path below the root that a name will have, or NULL: the folder's real path and the last part. */
static const char *name_below(int folder, const char *path, char *into) {
	char text[PATH_MAX], real[PATH_MAX];
	if (strlen(path) >= sizeof text - 1) return NULL;
	if (path[0] != '/' && folder != AT_FDCWD) {
		if (path_of(folder, real)) return NULL;
		if (snprintf(text, sizeof text, "%s/%s", real, path) >= (int)sizeof text) return NULL;
	} else {
		strcpy(text, path);
	}
	char *slash = strrchr(text, '/');
	const char *last = slash ? slash + 1 : text, *in = slash ? (slash == text ? "/" : text) : ".";
	char kept[NAME_MAX + 1];
	if (strlen(last) > NAME_MAX) return NULL;
	strcpy(kept, last);
	if (slash && slash != text) *slash = 0;
	if (!realpath(in, real)) return NULL;
	if (snprintf(into, PATH_MAX, "%s/%s", real, kept) >= PATH_MAX) return NULL;
	const char *below = below_root(into);
	return below && *below ? below : NULL;
}

static int rename_at(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
	char from_path[PATH_MAX], to_path[PATH_MAX];
	int saved = errno;
	const char *a = ready ? name_below(from_folder, from, from_path) : NULL;
	const char *b = ready ? name_below(to_folder, to, to_path) : NULL;
	errno = saved;
	if (!a && !b) return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
	pthread_mutex_lock(&order);
	int done = (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
	saved = errno;
	if (done == 0) {
		/* An empty name stands for somewhere outside the root. */
		struct iovec names[2] = {{(void *)(a ? a : ""), a ? strlen(a) : 0}, {(void *)(b ? b : ""), b ? strlen(b) : 0}};
		note(RENAME, 0, NULL, 0, (int)names[0].iov_len, 0, names[0].iov_len + names[1].iov_len, names, 2);
	}
	pthread_mutex_unlock(&order);
	errno = saved;
	return done;
}

int rename(const char *from, const char *to) { return rename_at(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int a, const char *from, int b, const char *to) { return rename_at(a, from, b, to, 0); }
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) { return rename_at(a, from, b, to, flags); }

int unlinkat(int folder, const char *path, int flags) {
	char full[PATH_MAX];
	int saved = errno;
	const char *below = ready && !(flags & AT_REMOVEDIR) ? name_below(folder, path, full) : NULL;
	errno = saved;
	if (!below) return (int)syscall(SYS_unlinkat, folder, path, flags);
	pthread_mutex_lock(&order);
	int done = (int)syscall(SYS_unlinkat, folder, path, flags);
	saved = errno;
	struct iovec name = {(void *)below, strlen(below)};
	if (done == 0) note(UNLINK, 0, NULL, 0, 0, 0, name.iov_len, &name, 1);
	pthread_mutex_unlock(&order);
	errno = saved;
	return done;
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
