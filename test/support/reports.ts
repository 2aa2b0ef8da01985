import { Subject } from 'rxjs';

/** Collects reports from elsewhere, e.g. from a page in a browser, in order. */
export class Reports<TReport> {
  readonly all: TReport[] = [];
  readonly #changes = new Subject<void>();

  readonly add = (report: TReport): void => {
    this.all.push(report);
    this.#changes.next();
  };

  /** Resolves once the reports meet a condition. */
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

  /** Resolves once there are this many reports. */
  count(count: number): Promise<void> {
    return this.until((all) => all.length >= count);
  }
}
