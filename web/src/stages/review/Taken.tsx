import type { TierSales } from "../../api/generated";
import { useTexts } from "../../texts";
import { money } from "../../texts/format";

type TakenProps = Pick<TierSales, "amount" | "refunded"> & { currency: string };

/** What buyers paid and did not get back; below it, what they got back. */
export function Taken({ amount, refunded, currency }: TakenProps) {
  const { myEvents, language } = useTexts();
  return (
    <>
      {money(amount - refunded, currency, language)}
      {refunded > 0 && (
        <span className="refunded tertiary">
          {myEvents.refunded(money(refunded, currency, language))}
        </span>
      )}
    </>
  );
}
