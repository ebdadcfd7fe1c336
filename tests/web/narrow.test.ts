// 64-bit integers in 32 bits: which type holds them, and the same values in it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { narrowed, WideRange, type WideType } from '../../web/save/narrow.ts';

function rangeOf(dtype: WideType, ...planes: readonly (readonly bigint[])[]): WideRange {
  const range = new WideRange(dtype);
  for (const values of planes) range.take(dtype === 'int64' ? new BigInt64Array(values) : new BigUint64Array(values));
  return range;
}

const [kLeast, kMost, kMostUnsigned] = [-(2n ** 31n), 2n ** 31n - 1n, 2n ** 32n - 1n];

test('the type is the one that holds all values of all planes', () => {
  assert.equal(rangeOf('int64', [0n, kMost], [kLeast]).type, 'int32');
  assert.equal(rangeOf('int64', [0n], [kMostUnsigned]).type, 'uint32');
  assert.equal(rangeOf('uint64', [0n, kMostUnsigned]).type, 'uint32');
  assert.equal(rangeOf('uint64', [1n]).type, 'uint32');
});

test('values that fit neither are named', () => {
  for (const [dtype, values, reason] of [
    ['int64', [[-1n], [kMost + 1n]], 'negative values and values over 2147483647'],
    ['int64', [[kLeast - 1n]], 'the value -2147483649'],
    ['int64', [[0n, kMostUnsigned + 1n]], 'the value 4294967296'],
    // The words of -1.
    ['uint64', [[2n ** 64n - 1n]], 'the value 18446744073709551615'],
  ] as const) {
    const range = rangeOf(dtype, ...values);
    assert.equal(range.type, null, reason);
    assert.equal(range.reason, reason);
  }
});

test('values are unchanged, also of a part of a buffer', () => {
  const signed = [0n, -1n, kMost, kLeast];
  assert.deepEqual([...narrowed(new BigInt64Array(signed))], signed.map(Number));
  const unsigned = [0n, 1n, kMost + 1n, kMostUnsigned];
  assert.deepEqual([...new Uint32Array(narrowed(new BigUint64Array(unsigned)).buffer)], unsigned.map(Number));
  assert.deepEqual([...narrowed(new BigInt64Array(new BigInt64Array([9n, 5n, -7n]).buffer, 8, 2))], [5, -7]);
});
