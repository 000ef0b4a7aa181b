import { useState } from 'react';
import { flushSync } from 'react-dom';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import '../../../src/app/theme.css';
import { ImageGrid } from '../../../src/ui/ImageGrid.tsx';

const items = Array.from({ length: 20_000 }, (_, index) => ({ id: `i${index}`, name: `Image ${index}` }));
const onDelete = vi.fn();
const onOpen = vi.fn();
let selected: ReadonlySet<string> = new Set();
let root: Root | null = null;

function Grid() {
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set());
  selected = selection;
  return (
    <div style={{ width: 420 }}>
      <style>{'.tall { height: 200px }'}</style>
      <ImageGrid
        label="Images"
        items={items}
        renderItem={(item) => <span>{item.name}</span>}
        nameOf={(item) => item.name}
        selection={selection}
        onSelect={(ids) => setSelection(new Set(ids))}
        onDelete={onDelete}
        onOpen={onOpen}
        onDragStart={(data, ids) => data.setData('text/plain', ids.join(' '))}
        minCellPx={56}
        className="tall"
      />
    </div>
  );
}

async function show() {
  const element = document.createElement('main');
  document.body.append(element);
  root = createRoot(element);
  flushSync(() => root?.render(<Grid />));
  await expect.element(option(0)).toBeVisible();
}

const option = (index: number) => page.getByRole('option', { name: `Image ${index}`, exact: true });

afterEach(() => {
  root?.unmount();
  document.body.replaceChildren();
  onDelete.mockClear();
  onOpen.mockClear();
});

test('20,000 images make only the cells in sight', async () => {
  await show();
  expect(page.getByRole('option').elements().length).toBeLessThan(120);
  await expect.element(option(0)).toHaveAttribute('aria-setsize', '20000');
});

test('End goes to the last image, however far it is', async () => {
  await show();
  await userEvent.click(option(0));
  await userEvent.keyboard('{End}');
  await expect.element(option(19_999)).toHaveAttribute('aria-selected', 'true');
  expect(page.getByRole('option').elements().length).toBeLessThan(120);
});

test('click, Ctrl and Shift select one, one more, and a range', async () => {
  await show();
  await userEvent.click(option(2));
  expect([...selected]).toEqual(['i2']);
  await userEvent.click(option(5), { modifiers: ['ControlOrMeta'] });
  expect([...selected]).toEqual(['i2', 'i5']);
  await userEvent.click(option(7), { modifiers: ['Shift'] });
  expect([...selected]).toEqual(['i5', 'i6', 'i7']);
});

test('the keyboard alone selects a range, deletes it and clears the selection', async () => {
  await show();
  await userEvent.tab();
  await userEvent.keyboard(' ');
  await userEvent.keyboard('{Shift>}{ArrowRight}{ArrowRight}{/Shift}');
  expect([...selected]).toEqual(['i0', 'i1', 'i2']);
  await userEvent.keyboard('{Delete}');
  expect(onDelete).toHaveBeenCalledExactlyOnceWith(['i0', 'i1', 'i2']);
  await userEvent.keyboard('{Enter}');
  expect(onOpen).toHaveBeenCalledExactlyOnceWith(items[2]);
  await userEvent.keyboard('{Escape}');
  expect(selected.size).toBe(0);
});

test('a drag carries the whole selection, or the one image that was not selected', async () => {
  await show();
  await userEvent.click(option(1));
  await userEvent.click(option(3), { modifiers: ['ControlOrMeta'] });
  const dragged = (index: number) => {
    const dataTransfer = new DataTransfer();
    option(index)
      .element()
      .dispatchEvent(new DragEvent('dragstart', { dataTransfer, bubbles: true }));
    return dataTransfer.getData('text/plain');
  };
  expect(dragged(3)).toBe('i1 i3');
  expect(dragged(4)).toBe('i4');
});
