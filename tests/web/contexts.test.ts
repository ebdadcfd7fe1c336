// Who holds a WebGL context when there are fewer of them than viewers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ContextBudget, type ContextUser } from '../../web/contexts.ts';

class Fake implements ContextUser {
  has = false;
  level: 0 | 1 | 2 | 3;

  constructor(level: 0 | 1 | 2 | 3 = 2) {
    this.level = level;
  }
  rank(): 0 | 1 | 2 | 3 {
    return this.level;
  }
  granted(): void {
    assert.equal(this.has, false, 'granted once');
    this.has = true;
  }
  revoked(): void {
    assert.equal(this.has, true, 'only what is held is taken');
    this.has = false;
  }
}

function ask(budget: ContextBudget, users: readonly Fake[]): boolean[] {
  for (const user of users) budget.request(user);
  return users.map(({ has }) => has);
}

test('as many as there are get one, the others wait', () => {
  const budget = new ContextBudget(2);
  const users = [new Fake(), new Fake(), new Fake()];
  assert.deepEqual(ask(budget, users), [true, true, false]);
  budget.release(users[0] as Fake);
  assert.equal(users[2]?.has, true);
});

test('one out of view gives its context to one in view, the longest unused first', () => {
  const budget = new ContextBudget(2);
  const users = [new Fake(0), new Fake(0)];
  ask(budget, users);
  budget.request(users[0] as Fake);
  const next = new Fake(2);
  budget.request(next);
  assert.deepEqual([...users, next].map(({ has }) => has), [true, false, true]);
});

test('one at rest lends to one without a picture, and none is taken among equals', () => {
  const budget = new ContextBudget(1);
  const [first, second, third] = [new Fake(2), new Fake(2), new Fake(1)];
  assert.deepEqual(ask(budget, [first, second, third]), [true, false, false]);
  first.level = 1;
  budget.review();
  assert.deepEqual([first.has, second.has, third.has], [false, true, false]);
  second.level = 1;
  budget.review();
  assert.deepEqual([first.has, second.has, third.has], [false, true, false]);
});

test('what somebody uses takes from any, and keeps it', () => {
  const budget = new ContextBudget(1);
  const [loading, used] = [new Fake(2), new Fake(3)];
  assert.deepEqual(ask(budget, [loading, used]), [false, true]);
  loading.level = 3;
  budget.review();
  assert.equal(used.has, true);
});

test('twenty in turn all get their picture', () => {
  const budget = new ContextBudget(8);
  const users = Array.from({ length: 20 }, () => new Fake(2));
  const drawn = new Set<Fake>();
  for (const user of users) budget.request(user);
  for (let round = 0; round < 20; ++round) {
    for (const user of users) {
      if (!user.has) continue;
      drawn.add(user);
      user.level = 1;
    }
    budget.review();
    assert.ok(users.filter(({ has }) => has).length <= 8);
  }
  assert.equal(drawn.size, 20);
});
