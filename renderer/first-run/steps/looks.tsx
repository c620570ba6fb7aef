import { AppearanceSample, LookControls } from '../../settings/sections/appearance.tsx';
import { finishStep } from '../first-run-state.ts';
import { StepFrame } from '../step-frame.tsx';

export function LooksStep() {
  return (
    <StepFrame
      title="How it looks"
      text={<p>Blue and orange are apart for everybody, green and red are not. All of it can be changed later.</p>}
      nextLabel="Looks right"
      waitsFor={null}
      onNext={() => finishStep('looks')}
    >
      <div className="flex flex-col items-start gap-2">
        <LookControls />
      </div>
      <AppearanceSample />
    </StepFrame>
  );
}
