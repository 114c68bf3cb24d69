import { Component, type ReactNode } from "react";

import { usePathname } from "./router";

interface ErrorBoundaryProps {
  /** What is shown in place of the children once one of them has thrown. */
  fallback: (failure: unknown) => ReactNode;
  children: ReactNode;
}

/**
 * Shows `fallback` in place of what threw while it was rendered; another page is shown as usual. React
 * writes the failure to the console, and it goes nowhere else.
 */
export function ErrorBoundary(props: ErrorBoundaryProps) {
  return <Boundary {...props} page={usePathname()} />;
}

interface BoundaryProps extends ErrorBoundaryProps {
  page: string;
}

interface BoundaryState {
  page: string;
  /** In an object, because anything can be thrown, also `null`. */
  failed: { failure: unknown } | null;
}

/** A class, because React has no hook for it. */
class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { page: this.props.page, failed: null };

  static getDerivedStateFromError(failure: unknown): Partial<BoundaryState> {
    return { failed: { failure } };
  }

  static getDerivedStateFromProps({ page }: BoundaryProps, state: BoundaryState) {
    return page === state.page ? null : { page, failed: null };
  }

  override render() {
    const { failed } = this.state;
    return failed === null ? this.props.children : this.props.fallback(failed.failure);
  }
}
