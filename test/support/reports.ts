import { Subject } from 'rxjs';

/** What somebody else tells a test, e.g. a page in a browser, in order. */
export class Reports<TReport> {
  readonly all: TReport[] = [];
  readonly #changes = new Subject<void>();

  readonly add = (report: TReport): void => {
    this.all.push(report);
    this.#changes.next();
  };

  /** Settles once this holds for what was told. */
  until(isTrue: (all: readonly TReport[]) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (isTrue(this.all)) {
          subscription.unsubscribe();
          resolve();
        }
      };
      const subscription = this.#changes.subscribe(check);
      check();
    });
  }

  /** Settles once so many have come. */
  count(count: number): Promise<void> {
    return this.until((all) => all.length >= count);
  }
}
