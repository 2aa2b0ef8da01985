import { Injectable, NotFoundException } from '@nestjs/common';
import { interval, map, type Observable } from 'rxjs';
import type { PuppyRow } from './puppy.js';

/** The puppies of the application, in memory. */
@Injectable()
export class PuppiesService {
  readonly #rows: PuppyRow[] = [
    {
      id: 1,
      name: 'Fido',
      born: new Date('2026-01-31'),
      weight: '7.50',
      chip: '276098106012345',
      owner: { name: 'Ann', phone: '555-0100' },
    },
  ];

  list(): PuppyRow[] {
    return this.#rows;
  }

  find(id: number): PuppyRow {
    const row = this.#rows.find((candidate) => candidate.id === id);
    if (!row) {
      throw new NotFoundException(`There is no puppy ${id}.`);
    }
    return row;
  }

  create(name: string): PuppyRow {
    const row: PuppyRow = {
      id: this.#rows.length + 1,
      name,
      born: new Date('2026-02-28'),
      weight: '0.90',
      chip: '276098106054321',
      owner: null,
    };
    this.#rows.push(row);
    return row;
  }

  /** Emits the number of puppies ten times a second. */
  watch(): Observable<number> {
    return interval(100).pipe(map(() => this.#rows.length));
  }
}
