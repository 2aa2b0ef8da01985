export interface Puppy {
  readonly name: string;
  readonly breed: string;
  /** Written by its owner, so it may contain anything. */
  readonly note: string;
}

export const puppies: readonly Puppy[] = [
  { name: 'Rex & Luna', breed: 'Border Collie', note: 'Two of them, <em>inseparable</em>.' },
  { name: 'Zoë', breed: 'Dachshund', note: 'Answers to {{ name }} as well.' },
  { name: 'Bobby </script>', breed: 'Mutt', note: '<img src="x" onerror="alert(\'woof\')">' },
  { name: 'Maple', breed: 'Golden Retriever', note: 'Swims before breakfast.' },
];
