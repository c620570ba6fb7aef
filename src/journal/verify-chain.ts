import { lineOf, linkHash, readHead, SELECT_LINKS, toLink, type ChainLink } from './chain.ts';
import type { Connection } from './database.ts';
import type { Problems } from './problems.ts';
import { mergedRows, type MergedRow } from './row-merge.ts';

interface Checkpoint {
  readonly lastCommit: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly hash: string;
}

function checkpoints(db: Connection): Map<number, Checkpoint> {
  const rows = db
    .prepare<[], unknown[]>('SELECT first_commit, last_commit, first_seq, last_seq, hash FROM checkpoint')
    .raw(true)
    .all();
  return new Map(
    rows.map((row) => [
      Number(row[0]),
      { lastCommit: Number(row[1]), firstSeq: Number(row[2]), lastSeq: Number(row[3]), hash: String(row[4]) },
    ]),
  );
}

/** Recomputes every link from the stored rows, so that a change of any row of any commit shows. */
export function verifyChain(db: Connection, problems: Problems): { commits: number; rows: number } {
  const walk = new ChainWalk(db, problems);
  const links = db
    .prepare<[number], unknown[]>(`${SELECT_LINKS} WHERE commit_no > ? ORDER BY commit_no LIMIT 1000`)
    .raw(true);
  let page = links.all(Number.MIN_SAFE_INTEGER).map(toLink);
  while (page.length > 0) {
    for (const link of page) walk.link(link);
    page = links.all(page.at(-1)?.commitNo ?? Number.MAX_SAFE_INTEGER).map(toLink);
  }
  return walk.end();
}

class ChainWalk {
  readonly #db: Connection;
  readonly #problems: Problems;
  readonly #checkpoints: Map<number, Checkpoint>;
  readonly #rows: Generator<MergedRow>;
  #row: MergedRow | null = null;
  /** Hash the next link builds on; null after a hole, where it cannot be known. */
  #previous: string | null = '';
  #nextCommit = 1;
  #nextSeq = 1;
  #commits = 0;
  #read = 0;

  constructor(db: Connection, problems: Problems) {
    this.#db = db;
    this.#problems = problems;
    this.#checkpoints = checkpoints(db);
    this.#rows = mergedRows(db, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    this.#advance();
  }

  link(link: ChainLink): void {
    this.#commits += 1;
    this.#crossGap(link);
    if (link.firstSeq !== this.#nextSeq || link.lastSeq < link.firstSeq) {
      this.#problems.add(`Audit chain: commit ${link.commitNo} does not follow on the rows before it.`);
    }
    this.#strayRowsBefore(link.firstSeq);
    const lines = this.#lines(link);
    if (this.#previous !== null && linkHash(this.#previous, link, lines.text) !== link.hash) {
      const where = lines.tables.size === 0 ? 'no rows' : [...lines.tables].join(', ');
      this.#problems.add(
        `Audit chain: commit ${link.commitNo} (rows ${link.firstSeq} to ${link.lastSeq}: ${where}) is not what was journalled.`,
      );
    }
    this.#previous = link.hash;
    this.#nextCommit = link.commitNo + 1;
    this.#nextSeq = link.lastSeq + 1;
  }

  end(): { commits: number; rows: number } {
    this.#strayRowsBefore(Number.POSITIVE_INFINITY);
    const head = readHead(this.#db);
    const reached = this.#nextCommit - 1;
    if (head.commitNo !== reached || head.seq !== this.#nextSeq - 1 || head.hash !== this.#previous) {
      this.#problems.add(
        `Audit chain: it ends at commit ${reached}, but commit ${head.commitNo} was the last one written; the end was cut off or changed.`,
      );
    }
    return { commits: this.#commits, rows: this.#read };
  }

  #advance(): void {
    const next = this.#rows.next();
    this.#row = next.done === true ? null : next.value;
    if (this.#row !== null) this.#read += 1;
  }

  /** Commits that are not there must have been pruned, which a checkpoint inside the chain says. */
  #crossGap(link: ChainLink): void {
    while (this.#nextCommit < link.commitNo) {
      const pruned = this.#checkpoints.get(this.#nextCommit);
      if (pruned === undefined || pruned.lastCommit >= link.commitNo || pruned.firstSeq !== this.#nextSeq) {
        this.#problems.add(`Audit chain: commits ${this.#nextCommit} to ${link.commitNo - 1} are missing.`);
        this.#previous = null;
        this.#nextSeq = link.firstSeq;
        return;
      }
      this.#previous = pruned.hash;
      this.#nextCommit = pruned.lastCommit + 1;
      this.#nextSeq = pruned.lastSeq + 1;
    }
  }

  #strayRowsBefore(seq: number): void {
    while (this.#row !== null && this.#row.seq < seq) {
      this.#problems.add(`${this.#row.table.name}: row ${this.#row.seq} belongs to no commit of the audit chain.`);
      this.#advance();
    }
  }

  #lines(link: ChainLink): { text: string; tables: Set<string> } {
    const tables = new Set<string>();
    let text = '';
    let expected = link.firstSeq;
    while (this.#row !== null && this.#row.seq <= link.lastSeq) {
      const { seq, table } = this.#row;
      if (seq > expected) this.#missing(link.commitNo, expected, seq - 1);
      if (seq < expected) this.#problems.add(`${table.name}: row number ${seq} exists twice.`);
      expected = seq + 1;
      tables.add(table.name);
      text += lineOf(this.#row);
      this.#advance();
    }
    if (expected <= link.lastSeq) this.#missing(link.commitNo, expected, link.lastSeq);
    return { text, tables };
  }

  #missing(commitNo: number, from: number, to: number): void {
    const rows = from === to ? `row ${from} is` : `rows ${from} to ${to} are`;
    this.#problems.add(`Audit chain: ${rows} missing from commit ${commitNo}.`);
  }
}
