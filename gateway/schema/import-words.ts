// What imports are said with. Owns: their words and limits. Never touches: what they bring in.

/** What a line can be: points that a member had, a lot of them, or something that happened. */
export const LINE_KINDS = ['balance', 'lot', 'entry'] as const;
/** What a member's status can be. */
export const MEMBER_STATUSES = ['active', 'frozen', 'inactive'] as const;
/** Characters of an import's name: what is left of an id is enough for a UUID. */
export const IMPORT_NAME_LENGTH_MAX = 20;
/** Characters of a source's id of a line. */
export const SOURCE_ID_LENGTH_MAX = 128;
/** Members of one request. */
export const IMPORT_MEMBERS_MAX = 1_000;
/** Lines of one member: half of the entries that the read of a past balance looks through. */
export const IMPORT_LINES_MAX = 10_000;
