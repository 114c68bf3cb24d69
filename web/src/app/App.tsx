import { type ReactNode, useEffect, useState } from "react";

import { loadTexts, preferredLanguage, type Texts, TextsContext } from "../texts";
import { Gate } from "./Gate";
import { Screen } from "./Screen";

export function App() {
  return (
    <InOwnLanguage>
      <Gate>
        <Screen />
      </Gate>
    </InOwnLanguage>
  );
}

/** Renders once the texts of the person's language are there. */
function InOwnLanguage({ children }: { children: ReactNode }) {
  const [texts, setTexts] = useState<Texts | null>(null);
  useEffect(() => {
    void loadTexts(preferredLanguage()).then((loaded) => {
      document.documentElement.lang = loaded.language;
      setTexts(loaded);
    });
  }, []);
  return texts && <TextsContext value={texts}>{children}</TextsContext>;
}
