import { Component, type ErrorInfo, type ReactNode } from 'react';
import { Failed } from '../controls/states.tsx';
import { timeOf } from '../format/time.ts';

interface Props {
  readonly title: string;
  readonly children: ReactNode;
}
interface State {
  readonly error: Error | null;
  readonly at: number;
  readonly stack: string;
}

/** A panel that fails takes nobody with it: HALT, the ticket and the other panels go on. */
export class PanelBoundary extends Component<Props, State> {
  override state: State = { error: null, at: 0, stack: '' };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)), at: Date.now(), stack: '' };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    this.setState({ stack: `${error.stack ?? error.message}\n${info.componentStack ?? ''}` });
  }

  override render(): ReactNode {
    const { error, at, stack } = this.state;
    if (error === null) return this.props.children;
    return (
      <Failed
        what={`${this.props.title} stopped: ${error.message}`}
        since={`${timeOf(at, 'IST')} IST`}
        stillSafe="The engine, your orders and the other panels are not affected."
        details={`Tradewright ${this.props.title}\n${new Date(at).toISOString()}\n${stack}`}
        onRetry={() => this.setState({ error: null, at: 0, stack: '' })}
      />
    );
  }
}
