import { ChevronsUpDown, Flame, Image, Snowflake } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button as AriaButton, Label, Radio, RadioGroup } from 'react-aria-components';
import type { BackboneReport } from '../../domain/backbone.ts';
import { countText } from '../../ui/number-text.ts';
import styles from './StagePicture.module.css';

interface StagePictureProps {
  readonly backbone: BackboneReport;
  /** Stages that will be trained, from the output on; 0 to as many as there are. */
  readonly stageCount: number;
  readonly onChange: (stageCount: number) => void;
  readonly isDisabled: boolean;
}

/** The stages that are usually trained; those before them are folded into one box until asked for. */
const SHOWN_STAGES = 5;

/**
 * The network from its input to the head, as the boxes an image goes through: choosing one has it and all after it
 * trained, what lies before it stays frozen.
 */
export function StagePicture({ backbone, stageCount, onChange, isDisabled }: StagePictureProps) {
  const { stages, parameterCount, inputSide, name } = backbone;
  const trainable = stages.reduce((sum, stage) => sum + stage.parameterCount, 0);
  const trained = stages.slice(0, stageCount).reduce((sum, stage) => sum + stage.parameterCount, 0);
  const [asksForAll, setAsksForAll] = useState(false);
  const showsAll = asksForAll || stageCount > SHOWN_STAGES || stages.length <= SHOWN_STAGES + 1;
  const boxes = stages.map((stage, index) => ({ ...stage, countFromHere: index + 1 })).toReversed();
  const folded = showsAll ? [] : boxes.slice(0, -SHOWN_STAGES);
  return (
    <div className={styles.picture}>
      <RadioGroup
        className={styles.group ?? ''}
        value={String(stageCount)}
        onChange={(value) => onChange(Number(value))}
        isDisabled={isDisabled}
      >
        <Label className={styles.label ?? ''}>Train from here on</Label>
        <div className={styles.box} data-kind="input">
          <BoxText icon={<Image />} name="Image" shape={[inputSide, inputSide, 3]} />
        </div>
        <div className={styles.box} data-kind="frozen">
          <BoxText icon={<Snowflake />} name="First layers" state="always frozen" count={parameterCount - trainable} />
        </div>
        {folded.length > 0 && (
          <AriaButton
            className={styles.box ?? ''}
            data-kind="frozen"
            isDisabled={isDisabled}
            onPress={() => setAsksForAll(true)}
          >
            <BoxText
              icon={<ChevronsUpDown />}
              name={`${folded.length} earlier stages`}
              state="show all"
              count={folded.reduce((sum, stage) => sum + stage.parameterCount, 0)}
            />
          </AriaButton>
        )}
        {boxes.slice(folded.length).map(({ countFromHere, ...box }) => {
          const isTrained = countFromHere <= stageCount;
          return (
            <Radio
              key={box.name}
              value={String(countFromHere)}
              className={styles.box ?? ''}
              data-kind={isTrained ? 'trained' : 'frozen'}
            >
              <BoxText
                icon={isTrained ? <Flame /> : <Snowflake />}
                name={box.name}
                shape={box.shape}
                state={isTrained ? 'trained' : 'frozen'}
                count={box.parameterCount}
              />
            </Radio>
          );
        })}
        <Radio value="0" className={styles.box ?? ''} data-kind="trained">
          <BoxText icon={<Flame />} name="Head" state={stageCount === 0 ? 'trained alone' : 'trained'} />
        </Radio>
      </RadioGroup>
      <p className={styles.sum} aria-live="polite">
        {stageCount === 0
          ? `Trains the head alone; the ${countText(parameterCount)} weights of ${name} stay as they are.`
          : `Trains ${countText(trained)} of ${countText(parameterCount)} weights of the network, and the head.`}
      </p>
    </div>
  );
}

interface BoxTextProps {
  readonly icon: ReactNode;
  readonly name: string;
  readonly shape?: readonly number[];
  readonly state?: string;
  readonly count?: number;
}

function BoxText({ icon, name, shape, state, count }: BoxTextProps) {
  return (
    <>
      <span className={styles.icon} aria-hidden="true">
        {icon}
      </span>
      <span className={styles.name}>{name}</span> <span className={styles.state}>{state}</span>{' '}
      <span className={styles.shape}>{shape?.join('\u00a0×\u00a0')}</span>{' '}
      <span className={styles.count}>{count === undefined ? '' : `${countText(count)} weights`}</span>
    </>
  );
}
