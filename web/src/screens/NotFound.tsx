import { Link } from "../app/Link";
import { paths } from "../app/router";
import { Bar } from "../parts/Bar";
import { useTexts } from "../texts";

export function NotFound() {
  const { notFound } = useTexts();
  return (
    <>
      <Bar />
      <main className="page empty" id="main">
        <h1 className="display text-d52">{notFound.heading}</h1>
        <p>{notFound.sentence}</p>
        <Link className="button" href={paths.myEvents}>
          {notFound.action}
        </Link>
      </main>
    </>
  );
}
