import { type ReactNode, useEffect, useState } from "react";

import { PageFailed } from "../parts/Failed";
import { loadTexts, preferredLanguage, type Texts, TextsContext } from "../texts";
import { ErrorBoundary } from "./ErrorBoundary";
import { Gate } from "./Gate";
import { Screen } from "./Screen";

export function App() {
  return (
    <InOwnLanguage>
      <ErrorBoundary fallback={(failure) => <PageFailed failure={failure} />}>
        <Gate>
          <Screen />
        </Gate>
      </ErrorBoundary>
    </InOwnLanguage>
  );
}

/** Renders once the texts of the person's language are there. */
function InOwnLanguage({ children }: { children: ReactNode }) {
  const [texts, setTexts] = useState<Texts | null>(null);
  useEffect(() => {
    // English is a part of the first file: it is there if the other language does not load.
    const loading = loadTexts(preferredLanguage()).catch(() => loadTexts("en"));
    void loading.then((loaded) => {
      document.documentElement.lang = loaded.language;
      setTexts(loaded);
    });
  }, []);
  return texts && <TextsContext value={texts}>{children}</TextsContext>;
}
