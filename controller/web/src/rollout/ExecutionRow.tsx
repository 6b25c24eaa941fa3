import type { Execution } from '../contract/types';
import { badEndSentence, executionLook, executionSteps } from '../text/executions';
import { took } from '../text/times';

/** Where one device stands in a rollout: its step, how long it took, and why it ended badly. */
export function ExecutionRow({ execution }: { readonly execution: Execution }) {
  const look = executionLook(execution.state, execution.pct);
  const sentence = badEndSentence(execution.state, execution.detail);
  return (
    <li className={`execution execution-${look.tone}`} data-testid={`execution-${execution.device}`} data-tone={look.tone}>
      <span className="execution-device">{execution.device}</span>
      <span className="execution-state">{look.label}</span>
      <span className="execution-ms">{took(execution.ms)}</span>
      {look.tone === 'bad' ? (
        <p className="execution-why">
          {execution.code !== null && <code>{execution.code}</code>} {sentence}
        </p>
      ) : (
        <span className="steps" aria-hidden="true">
          {executionSteps.map((step, index) => (
            <span key={step} title={step}>
              <span style={{ width: `${100 * Math.min(1, Math.max(0, look.stepsDone - index))}%` }} />
            </span>
          ))}
        </span>
      )}
    </li>
  );
}
