import { type ReactNode, useState } from 'react';
import { flushSync } from 'react-dom';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import '../../../src/app/theme.css';
import { Button } from '../../../src/ui/Button.tsx';
import { CheckedNumberField } from '../../../src/ui/CheckedNumberField.tsx';
import { ConfirmDialog } from '../../../src/ui/ConfirmDialog.tsx';
import { CLASS_COLOR_COUNT, classColor } from '../../../src/ui/class-color.ts';
import { DropArea } from '../../../src/ui/DropArea.tsx';
import { IconButton } from '../../../src/ui/IconButton.tsx';
import { Menu } from '../../../src/ui/Menu.tsx';

let root: Root | null = null;

function show(content: ReactNode): void {
  const element = document.createElement('main');
  document.body.append(element);
  root = createRoot(element);
  flushSync(() => root?.render(content));
}

afterEach(() => {
  root?.unmount();
  document.body.replaceChildren();
});

describe('a button that cannot be used now', () => {
  test('can be reached, says why, and does nothing', async () => {
    const onPress = vi.fn();
    show(
      <Button onPress={onPress} disabledReason="Add a second class first.">
        Train
      </Button>,
    );
    await userEvent.tab();
    await expect.element(page.getByRole('button', { name: 'Train' })).toHaveFocus();
    await expect.element(page.getByRole('tooltip')).toHaveTextContent('Add a second class first.');
    await userEvent.keyboard('{Enter}');
    expect(onPress).not.toHaveBeenCalled();
  });

  test('keeps the focus while its reason comes and goes, and is described only while it has one', async () => {
    const onPress = vi.fn();
    const draw = (reason: string | null) =>
      flushSync(() =>
        root?.render(
          <Button onPress={onPress} disabledReason={reason}>
            Train
          </Button>,
        ),
      );
    show(null);
    draw(null);
    await userEvent.tab();
    const button = page.getByRole('button', { name: 'Train' }).element();
    expect(button).toHaveFocus();
    for (const reason of ['A run is under way.', null]) {
      draw(reason);
      expect(page.getByRole('button', { name: 'Train' }).element()).toBe(button);
      expect(button).toHaveFocus();
      expect(page.getByRole('tooltip').elements()).toHaveLength(reason === null ? 0 : 1);
      expect(button.hasAttribute('aria-describedby')).toBe(reason !== null);
    }
    await userEvent.keyboard('{Enter}');
    expect(onPress).toHaveBeenCalledOnce();
  });
});

test('a menu at the edge of the page has its width from the first frame on', async () => {
  const detail = 'A second line that is long enough to need more than the room beside the button.';
  show(
    <div style={{ position: 'fixed', right: 60, top: 20 }}>
      <Menu
        label="More"
        trigger={<IconButton label="More" icon="+" />}
        groups={[{ id: 'all', actions: [{ id: 'go', label: 'Go on', detail, onAction: () => {} }] }]}
      />
    </div>,
  );
  const widths = new Set<number>();
  const look = async (frameCount: number) => {
    for (let frame = 0; frame < frameCount; frame += 1) {
      await new Promise(requestAnimationFrame);
      const width = document.querySelector('[role=menu]')?.parentElement?.getBoundingClientRect().width;
      if (width !== undefined) widths.add(width);
    }
  };
  const first = look(5);
  await page.getByRole('button', { name: 'More' }).click();
  await expect.element(page.getByRole('menu')).toBeVisible();
  await first;
  await look(20);
  expect([...widths]).toHaveLength(1);
});

describe('drop areas inside each other', () => {
  function transferWithFile(): DataTransfer {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['x'], 'a.jpg'));
    return dataTransfer;
  }

  test('give a drop to the innermost one that takes it', () => {
    const outer = vi.fn();
    const inner = vi.fn();
    show(
      <DropArea onDrop={outer}>
        <p>outside</p>
        <DropArea onDrop={inner}>
          <p>inside</p>
        </DropArea>
      </DropArea>,
    );
    const fire = (text: string) =>
      page
        .getByText(text)
        .element()
        .dispatchEvent(new DragEvent('drop', { dataTransfer: transferWithFile(), bubbles: true, cancelable: true }));
    fire('inside');
    expect([outer.mock.calls.length, inner.mock.calls.length]).toEqual([0, 1]);
    fire('outside');
    expect([outer.mock.calls.length, inner.mock.calls.length]).toEqual([1, 1]);
  });

  test('only the one that would take the drop is marked', async () => {
    show(
      <DropArea onDrop={() => {}} hint="outer hint">
        <p>outside</p>
        <DropArea onDrop={() => {}} hint="inner hint">
          <p>inside</p>
        </DropArea>
      </DropArea>,
    );
    const over = (text: string) =>
      page
        .getByText(text)
        .element()
        .dispatchEvent(
          new DragEvent('dragover', { dataTransfer: transferWithFile(), bubbles: true, cancelable: true }),
        );
    over('outside');
    await expect.element(page.getByText('outer hint')).toBeVisible();
    over('inside');
    await expect.element(page.getByText('inner hint')).toBeVisible();
    expect(page.getByText('outer hint').elements()).toHaveLength(0);
  });
});

test('a menu opens from an icon button by keyboard and gives the focus back', async () => {
  const onAction = vi.fn();
  show(
    <Menu
      label="More"
      trigger={<IconButton label="More" icon={<span>…</span>} />}
      groups={[{ id: 'All', actions: [{ id: 'go', label: 'Go', onAction }] }]}
    />,
  );
  await userEvent.tab();
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('menuitem', { name: 'Go' })).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  expect(onAction).toHaveBeenCalledOnce();
  await expect.element(page.getByRole('button', { name: 'More' })).toHaveFocus();
});

test('a question before deleting has the focus on Cancel, and only the other button deletes', async () => {
  const onConfirm = vi.fn();
  const onClose = vi.fn();
  show(
    <ConfirmDialog title="Delete it?" isOpen onClose={onClose} onConfirm={onConfirm} confirmLabel="Delete">
      It is gone then.
    </ConfirmDialog>,
  );
  await expect.element(page.getByRole('button', { name: 'Cancel' })).toHaveFocus();
  await userEvent.keyboard('{Escape}');
  expect(onClose).toHaveBeenCalledOnce();
  expect(onConfirm).not.toHaveBeenCalled();
  await userEvent.click(page.getByRole('button', { name: 'Delete' }));
  expect(onConfirm).toHaveBeenCalledOnce();
});

/** A field that keeps its value, as a form does. */
function Kept(props: { readonly whole: boolean; readonly start: number; readonly max: number }) {
  const { whole, start, max } = props;
  const [value, setValue] = useState(start);
  const isUsable = (typed: number | null) => typed !== null && typed > 0 && typed <= max;
  return (
    <>
      <CheckedNumberField
        label="Epochs"
        value={value}
        onChange={(typed) => setValue(typed ?? 0)}
        problemOf={(typed) => (isUsable(typed) ? null : `Epochs must be a number from 1 to ${max}.`)}
        whole={whole}
        step={1}
        min={0}
        max={max}
        startValue={1}
        note=""
      />
      <output>{value}</output>
    </>
  );
}

describe('a number field', () => {
  const field = () => page.getByRole('textbox', { name: 'Epochs' });
  const problem = () => page.getByText('Epochs must be a number from 1 to 1000.');
  const type = async (text: string) => {
    await userEvent.tripleClick(field());
    await userEvent.keyboard(text);
    await userEvent.tab();
  };

  test('shows small rates in full', async () => {
    show(<Kept whole={false} start={0.0001} max={1} />);
    await expect.element(field()).toHaveValue('0.0001');
  });

  test.each(['1,000', '1.000', '1 000'])('takes %s for a thousand', async (text) => {
    show(<Kept whole start={50} max={1000} />);
    await type(text);
    await expect.element(field()).toHaveValue('1000');
    await expect.element(page.getByRole('status')).toHaveTextContent('1000');
    expect(problem().elements()).toHaveLength(0);
  });

  test.each(['0x10', '5x', '1,00', '9e9', '2,000', '12px', '7 '.repeat(2)])(
    'refuses %s and keeps its value',
    async (text) => {
      show(<Kept whole start={50} max={1000} />);
      await type(text);
      await expect.element(problem()).toBeVisible();
      await expect.element(field()).toHaveValue(text);
      await expect.element(page.getByRole('status')).toHaveTextContent('50');
    },
  );

  test('takes a comma before the fraction of a rate', async () => {
    show(<Kept whole={false} start={0.5} max={1000} />);
    await type('0,01');
    await expect.element(field()).toHaveValue('0.01');
    await expect.element(page.getByRole('status')).toHaveTextContent('0.01');
  });
});

test('every class colour is defined, in both schemes, with enough contrast', () => {
  show(<p id="probe">x</p>);
  const probe = document.getElementById('probe') ?? document.body;
  const rgb = (value: string): number[] => {
    probe.style.color = value;
    return (getComputedStyle(probe).color.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
  };
  const luminance = (value: string) => {
    const [r = 0, g = 0, b = 0] = rgb(value).map((byte) => {
      const share = byte / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  for (const scheme of ['light', 'dark']) {
    document.documentElement.style.colorScheme = scheme;
    const ground = luminance('var(--surface)');
    for (let index = 0; index < CLASS_COLOR_COUNT; index += 1) {
      const mark = luminance(classColor(index));
      const contrast = (Math.max(ground, mark) + 0.05) / (Math.min(ground, mark) + 0.05);
      expect(contrast, `${scheme} class ${index}`).toBeGreaterThan(4.5);
    }
  }
  document.documentElement.style.colorScheme = '';
  expect(classColor(CLASS_COLOR_COUNT)).toBe(classColor(0));
});
