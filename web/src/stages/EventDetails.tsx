import { useState } from "react";

import type { Visibility } from "../api/generated";
import { SegmentedField } from "../fields/ChoiceField";
import type { FieldState } from "../fields/field";
import { LanguageField } from "../fields/LanguageField";
import { More } from "../fields/More";
import { TextField } from "../fields/TextField";
import { useTexts } from "../texts";
import { languageName } from "../texts/languages";
import type { useStageEventSetup } from "./useStageEventSetup";

const VISIBILITIES = ["public", "unlisted", "private"] as const satisfies Visibility[];

type Props = Pick<ReturnType<typeof useStageEventSetup>, "form" | "text">;

/** What most events leave as it is. */
export function EventDetails({ form, text }: Props) {
  const { event, language } = useTexts();
  const { data } = form;
  const summary = [
    event.visibilities[data.visibility ?? "public"],
    data.language && languageName(data.language, language),
    data.ageRestriction,
  ]
    .filter(Boolean)
    .join(", ");
  return (
    <More label={event.more} summary={summary}>
      <SegmentedField
        field={form.field("/visibility")}
        label={event.visibility}
        options={VISIBILITIES.map((value) => ({ value, label: event.visibilities[value] }))}
        value={data.visibility ?? "public"}
        onChange={(visibility) => form.change({ visibility })}
      />
      <LanguageField
        field={form.field("/language")}
        label={event.language}
        optional
        value={data.language}
        onChange={(tag) => form.change({ language: tag })}
      />
      <TextField {...text("slug")} label={event.slug} hint={event.slugHint} optional verbatim />
      <TagsField
        field={form.field("/tags")}
        tags={data.tags ?? []}
        onChange={(tags) => form.change({ tags })}
      />
      <div className="row">
        <TextField {...text("dressCode")} label={event.dressCode} optional />
        <TextField
          {...text("ageRestriction")}
          label={event.ageRestriction}
          placeholder={event.agePlaceholder}
          optional
        />
      </div>
      <TextField {...text("externalUrl")} label={event.externalUrl} optional type="url" />
    </More>
  );
}

interface TagsFieldProps {
  field: FieldState;
  tags: readonly string[];
  onChange: (tags: string[]) => void;
}

/** Tags as people write them, in one line with commas. */
function TagsField({ field, tags, onChange }: TagsFieldProps) {
  const { event } = useTexts();
  // While the person types, a comma at the end is kept.
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <TextField
      field={{
        ...field,
        onBlur: () => {
          setTyped(null);
          field.onBlur();
        },
      }}
      label={event.tags}
      hint={event.tagsHint}
      optional
      value={typed ?? tags.join(", ")}
      onChange={(text) => {
        setTyped(text);
        onChange(
          text
            .split(",")
            .map((tag) => tag.trim())
            .filter((tag) => tag !== ""),
        );
      }}
    />
  );
}
