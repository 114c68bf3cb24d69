import { type ReactNode, startTransition, useEffect, useState } from "react";

import { PageFailed } from "../parts/Failed";
import { loadTexts, preferredLanguage, type Texts, TextsContext } from "../texts";
import { ErrorBoundary } from "./ErrorBoundary";
import { Gate } from "./Gate";
import { Screen } from "./Screen";

/** `prepared` resolves once the first page can be rendered. */
export function App({ prepared }: { prepared: Promise<void> }) {
  return (
    <InOwnLanguage prepared={prepared}>
      <ErrorBoundary fallback={(failure) => <PageFailed failure={failure} />}>
        <Gate>
          <Screen />
        </Gate>
      </ErrorBoundary>
    </InOwnLanguage>
  );
}

interface InOwnLanguageProps {
  prepared: Promise<void>;
  children: ReactNode;
}

/** Renders once the texts of the person's language are there, and the first page. */
function InOwnLanguage({ prepared, children }: InOwnLanguageProps) {
  const [texts, setTexts] = useState<Texts | null>(null);
  useEffect(() => {
    // English is a part of the first file: it is there if the other language does not load.
    const loading = loadTexts(preferredLanguage()).catch(() => loadTexts("en"));
    void Promise.all([loading, prepared]).then(([loaded]) => {
      document.documentElement.lang = loaded.language;
      // Not the empty page of a file that is still loaded: React would show that for 0.3 s at least.
      startTransition(() => setTexts(loaded));
    });
  }, [prepared]);
  return texts && <TextsContext value={texts}>{children}</TextsContext>;
}
