import { Link } from "../app/Link";
import { paths } from "../app/router";
import { Bar } from "../parts/Bar";
import { useHeadingFocus } from "../parts/useHeadingFocus";
import { useTexts } from "../texts";

/** No page, or no session that the person may see: the API makes no difference between them. */
export function NotFound({ what = "page" }: { what?: "page" | "session" }) {
  const { common, notFound } = useTexts();
  const heading = useHeadingFocus();
  return (
    <>
      <title>{`${notFound.heading} · ${common.product}`}</title>
      <Bar />
      <main className="page empty" id="main">
        <h1 className="display text-d36" ref={heading} tabIndex={-1}>
          {notFound.heading}
        </h1>
        <p className="secondary">{notFound[what]}</p>
        <Link className="text-button" href={paths.myEvents}>
          {notFound.action}
        </Link>
      </main>
    </>
  );
}
