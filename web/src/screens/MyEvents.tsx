import { Bar } from "../parts/Bar";

export function MyEvents() {
  return <Bar />;
}
