import "../look/components/review.css";
import "../look/components/publishing.css";

import { Suspense } from "react";

import { lazyPart } from "../app/loading";
import { WithoutSession } from "../screens/SessionStates";
import { useSession } from "../session/SessionContext";
import { Publishing } from "./review/Publishing";
import { Review } from "./review/Review";
import { Scheduled } from "./review/Scheduled";

const Published = lazyPart(() => import("./review/Published"));

/** What comes at the end, by how far the publication is. */
export default function ReviewPublish() {
  const { session } = useSession();
  switch (session?.publication.state) {
    case undefined:
      return <WithoutSession />;
    case "running":
      return <Publishing />;
    case "scheduled":
      return <Scheduled />;
    case "published":
      return (
        <Suspense>
          <Published />
        </Suspense>
      );
    default:
      return <Review />;
  }
}
