// The disk while a trace is walked: what is durable and what is still on its way. Owns: contents,
// lengths and names. Never touches: the choice of what survives (disk-trace.ts makes it).
//
// A name is made durable by a sync of its folder; a newly created file also by its own sync, as
// the journals of ext4, xfs and btrfs do. Renames and unlinks need the folder's sync.

import type { DiskOp } from './disk-records.js';

/** A write, or (without bytes) a truncation to `offset`, not yet in `FileNode.content`. */
export interface Pending {
  readonly index: number;
  readonly offset: number;
  readonly bytes: Buffer | undefined;
  readonly call: string;
  /** In every image, but behind an earlier change that is not. */
  durable: boolean;
  /** A failed sync covered it: no later sync can be trusted with it. */
  doomed: boolean;
}

export interface FileNode {
  readonly id: number;
  /** The durable bytes, `length` of them; the rest is spare room. */
  content: Buffer;
  length: number;
  /** A snapshot has the same buffer: copy before writing. */
  shared: boolean;
  /** In order; the first is never durable. */
  pending: Pending[];
}

export interface NameChange {
  readonly index: number;
  readonly kind: 'create' | 'rename' | 'unlink';
  readonly path: string;
  /** The target of a rename; empty: out of the root. */
  readonly to: string;
  readonly node: FileNode | undefined;
  durable: boolean;
}

export class DiskState {
  durableNames = new Map<string, FileNode>();
  /** In order; the first is never durable. */
  nameChanges: NameChange[] = [];
  #names = new Map<string, FileNode>();
  #open = new Map<number, FileNode>();
  #folders = new Map<number, string>();
  /** Syncs under way, to the index at which they began. */
  #syncs = new Map<string, number>();
  #nodes: FileNode[] = [];

  constructor(base: ReadonlyMap<string, Buffer>) {
    for (const [path, content] of base) {
      const node = this.#addNode(content);
      this.#names.set(path, node);
      this.durableNames.set(path, node);
    }
  }

  /** A copy that shares contents until one side writes. */
  clone(): DiskState {
    const copy = new DiskState(new Map());
    const twins = this.#nodes.map((node) => {
      node.shared = true;
      return { ...node, pending: node.pending.map((change) => ({ ...change })) };
    });
    const twin = (node: FileNode): FileNode => twins[node.id] ?? node;
    copy.#nodes = twins;
    for (const [path, node] of this.#names) copy.#names.set(path, twin(node));
    for (const [path, node] of this.durableNames) copy.durableNames.set(path, twin(node));
    for (const [file, node] of this.#open) copy.#open.set(file, twin(node));
    copy.#folders = new Map(this.#folders);
    copy.#syncs = new Map(this.#syncs);
    copy.nameChanges = this.nameChanges.map((change) => ({
      ...change,
      node: change.node === undefined ? undefined : twin(change.node),
    }));
    return copy;
  }

  contentBytes(): number {
    return this.#nodes.reduce((sum, node) => sum + node.content.length, 0);
  }

  /** The change that `op` makes while it is under way, if it is one to a file's bytes. */
  pendingOf(op: DiskOp, index: number): { node: FileNode; pending: Pending } | undefined {
    if (op.kind !== 'write' && op.kind !== 'truncate') return undefined;
    const node = this.#open.get(op.file);
    if (node === undefined) return undefined;
    const isWrite = op.kind === 'write';
    const pending: Pending = {
      index,
      offset: isWrite ? op.offset : op.length,
      bytes: isWrite ? op.bytes : undefined,
      call: isWrite ? op.call : '',
      durable: false,
      doomed: false,
    };
    return { node, pending };
  }

  advance(op: DiskOp, index: number): void {
    switch (op.kind) {
      case 'open':
        if (op.directory) this.#folders.set(op.file, op.path);
        else this.#openFile(op.file, op.path, op.truncates, index);
        break;
      case 'write':
      case 'truncate': {
        const change = this.pendingOf(op, index);
        change?.node.pending.push(change.pending);
        break;
      }
      case 'write-end': {
        const node = this.#open.get(op.file);
        const change = node?.pending.find(({ call }) => call === op.call);
        if (node === undefined || change === undefined) break;
        if (op.errno === 0) change.durable = true;
        else change.doomed = true;
        flush(node);
        break;
      }
      case 'sync':
        this.#syncs.set(op.call, index);
        break;
      case 'sync-end':
        this.#endSync(op.file, op.errno, this.#syncs.get(op.call) ?? 0);
        this.#syncs.delete(op.call);
        break;
      case 'rename':
        this.#changeName({
          index,
          kind: 'rename',
          path: op.from,
          to: op.to,
          node: undefined,
          durable: false,
        });
        break;
      case 'unlink':
        this.#changeName({
          index,
          kind: 'unlink',
          path: op.path,
          to: '',
          node: undefined,
          durable: false,
        });
        break;
      case 'ack':
        break;
    }
  }

  /** Renames of a folder move everything below it. A rename whose source did not survive does nothing. */
  static applyName(names: Map<string, FileNode>, change: NameChange): void {
    if (change.kind === 'create') {
      if (change.node !== undefined) names.set(change.path, change.node);
      return;
    }
    const below = `${change.path}/`;
    for (const [path, node] of [...names]) {
      if (path !== change.path && !path.startsWith(below)) continue;
      names.delete(path);
      if (change.kind === 'rename' && change.to !== '')
        names.set(change.to + path.slice(change.path.length), node);
    }
  }

  #addNode(content: Buffer): FileNode {
    const node: FileNode = {
      id: this.#nodes.length,
      content,
      length: content.length,
      shared: true,
      pending: [],
    };
    this.#nodes.push(node);
    return node;
  }

  #openFile(file: number, path: string, truncates: boolean, index: number): void {
    let node = this.#names.get(path);
    if (node === undefined) {
      node = this.#addNode(Buffer.alloc(0));
      this.#changeName({ index, kind: 'create', path, to: '', node, durable: false });
    } else if (truncates) {
      node.pending.push({
        index,
        offset: 0,
        bytes: undefined,
        call: '',
        durable: false,
        doomed: false,
      });
    }
    this.#open.set(file, node);
  }

  #changeName(change: NameChange): void {
    DiskState.applyName(this.#names, change);
    this.nameChanges.push(change);
  }

  #endSync(file: number, errno: number, began: number): void {
    const node = this.#open.get(file);
    const folder = this.#folders.get(file);
    for (const change of node?.pending ?? []) {
      if (change.index >= began || change.durable) continue;
      if (errno !== 0) change.doomed = true;
      else if (!change.doomed) change.durable = true;
    }
    if (node !== undefined) flush(node);
    if (errno !== 0) return;
    for (const change of this.nameChanges) {
      if (change.index >= began) break;
      const own = change.kind === 'create' && change.node === node;
      const inFolder =
        folder !== undefined && (parent(change.path) === folder || parent(change.to) === folder);
      if (own || inFolder) change.durable = true;
    }
    let settled = 0;
    for (const change of this.nameChanges) {
      if (!change.durable) break;
      DiskState.applyName(this.durableNames, change);
      settled++;
    }
    if (settled > 0) this.nameChanges.splice(0, settled);
  }
}

function parent(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** Moves the durable changes at the front into the content. */
function flush(node: FileNode): void {
  let settled = 0;
  for (const change of node.pending) {
    if (!change.durable) break;
    settle(node, change);
    settled++;
  }
  if (settled > 0) node.pending.splice(0, settled);
}

function settle(node: FileNode, change: Pending): void {
  if (change.bytes === undefined) {
    if (change.offset > node.length) {
      reserve(node, change.offset);
      node.content.fill(0, node.length, change.offset);
    }
    node.length = change.offset;
    return;
  }
  const end = change.offset + change.bytes.length;
  reserve(node, end);
  if (change.offset > node.length) node.content.fill(0, node.length, change.offset);
  change.bytes.copy(node.content, change.offset);
  node.length = Math.max(node.length, end);
}

function reserve(node: FileNode, bytes: number): void {
  if (!node.shared && bytes <= node.content.length) return;
  const grown = Buffer.allocUnsafe(
    bytes <= node.content.length ? node.content.length : Math.max(bytes, node.content.length * 2),
  );
  node.content.copy(grown, 0, 0, node.length);
  node.content = grown;
  node.shared = false;
}
