const REMEMBERED = 8192;

/** Recognises a trade id that was there shortly before: recorders repeat messages after a reconnection. */
export class RecentIds {
  private readonly known = new Set<number | string>();
  private readonly ring: (number | string)[] = [];
  private next = 0;

  /** False when the id is known already. */
  add(id: number | string): boolean {
    if (this.known.has(id)) return false;
    this.known.add(id);
    const oldest = this.ring[this.next];
    if (oldest !== undefined) this.known.delete(oldest);
    this.ring[this.next] = id;
    this.next = (this.next + 1) % REMEMBERED;
    return true;
  }
}
