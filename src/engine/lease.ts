/** Something that may be replaced while it is in use: it is disposed once it is retired and its last user has left. */
export class Lease<T extends { dispose(): void }> {
  private userCount = 0;
  private retired = false;

  constructor(private readonly resource: T) {}

  /** Keeps the resource alive while `work` runs. */
  async use<R>(work: (resource: T) => Promise<R>): Promise<R> {
    this.userCount += 1;
    try {
      return await work(this.resource);
    } finally {
      this.userCount -= 1;
      this.disposeIfFree();
    }
  }

  /** Nobody new comes; disposes now or when the last user leaves. */
  retire(): void {
    this.retired = true;
    this.disposeIfFree();
  }

  private disposeIfFree(): void {
    if (this.retired && this.userCount === 0) this.resource.dispose();
  }
}
