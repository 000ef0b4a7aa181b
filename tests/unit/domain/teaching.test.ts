import { describe, expect, test } from 'vitest';
import { answersFor, checkTeaching, softened } from '../../../src/domain/teaching.ts';

describe('softened answers', () => {
  test('are what the scores give at the temperature', () => {
    const scores = [2, -1, 0.5];
    const atTemperature = (temperature: number) => {
      const powers = scores.map((score) => Math.exp(score / temperature));
      return powers.map((power) => power / powers.reduce((sum, other) => sum + other));
    };
    const found = softened(Float32Array.from(atTemperature(1)), 3);
    atTemperature(3).forEach((expected, index) => {
      expect(found[index]).toBeCloseTo(expected, 6);
    });
    expect([...softened(new Float32Array(3), 2)]).toEqual([0, 0, 0]);
  });
});

describe("a teacher's answers", () => {
  const teacher = {
    imageIds: ['a', 'b', 'c'],
    classCount: 3,
    classIds: ['cat', 'dog', 'gone'],
    probabilities: Float32Array.of(0.5, 0.25, 0.25, 0.1, 0.8, 0.1, 0, 0, 1),
  };

  test('follow images and classes by their ids, without classes that are gone', () => {
    const images = [
      { id: 'b', classId: 'dog' },
      { id: 'a', classId: 'cat' },
    ];
    const answers = answersFor(teacher, images, ['dog', 'new', 'cat']);
    [8 / 9, 0, 1 / 9, 1 / 3, 0, 2 / 3].forEach((expected, index) => {
      expect(answers[index]).toBeCloseTo(expected, 6);
    });
  });

  test('are none for images it has not seen, classes it does not know and sure answers that are gone', () => {
    const images = [
      { id: 'x', classId: 'cat' },
      { id: 'a', classId: 'new' },
      { id: 'c', classId: 'cat' },
    ];
    expect([...answersFor(teacher, images, ['cat', 'dog', 'new'])]).toEqual(new Array(9).fill(0));
  });
});

test('a temperature below 1 and a weight above 1 are refused', () => {
  expect(() => checkTeaching({ temperature: 0.5, weight: 0.5 })).toThrow(RangeError);
  expect(() => checkTeaching({ temperature: 2, weight: 1.1 })).toThrow(RangeError);
});
