import { useState } from "react";

import { useTexts } from "../texts";
import { languageName, languageOptions } from "../texts/languages";
import { SelectField } from "./ChoiceField";
import type { FieldState } from "./field";

interface LanguageFieldProps {
  field: FieldState;
  label: string;
  optional?: boolean;
  /** A BCP 47 tag. */
  value: string | null | undefined;
  onChange: (tag: string | null) => void;
}

/**
 * A language by its name in the person's language. There are dozens, which are named and sorted once
 * the person comes to the field: a stage that is opened does not wait for them.
 */
export function LanguageField({ value, onChange, ...props }: LanguageFieldProps) {
  const { fields, language } = useTexts();
  const [isVisited, setVisited] = useState(false);
  const chosen = value ? [{ value, label: languageName(value, language) }] : [];
  return (
    <SelectField
      {...props}
      options={isVisited ? languageOptions(language, value) : chosen}
      empty={fields.notChosen}
      value={value}
      onVisit={() => setVisited(true)}
      onChange={(tag) => onChange(tag || null)}
    />
  );
}
