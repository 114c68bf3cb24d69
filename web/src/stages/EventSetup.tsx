import type { EventType } from "../api/generated";
import { SegmentedField } from "../fields/ChoiceField";
import { LongTextField, TitleField } from "../fields/TextField";
import { WhenField } from "../fields/WhenField";
import { StageFrame } from "../parts/StageFrame";
import { useIsLater } from "../parts/useIsLater";
import { useTexts } from "../texts";
import { EventDetails } from "./EventDetails";
import { EventHours } from "./EventHours";
import { EventPeople } from "./EventPeople";
import { useStageEventSetup } from "./useStageEventSetup";

const KINDS = ["fashion_show", "popup", "exhibition", "launch"] as const satisfies EventType[];

export function EventSetup() {
  const { event, myEvents } = useTexts();
  const stage = useStageEventSetup();
  const { form, text, when } = stage;
  return (
    <StageFrame stage="eventSetup" form={form} question={event.question} lead={event.lead}>
      <TitleField {...text("title")} label={event.title} hint={event.titleHint} />
      <SegmentedField
        field={form.field("/type")}
        label={event.kind}
        options={KINDS.map((value) => ({ value, label: myEvents.kinds[value] }))}
        value={form.data.type}
        onChange={(type) => form.change({ type })}
      />
      <WhenField label={event.when} {...when} />
      <Rest {...stage} />
    </StageFrame>
  );
}

/** What is below the edge of most screens. */
function Rest(stage: ReturnType<typeof useStageEventSetup>) {
  const { event } = useTexts();
  const { text } = stage;
  if (!useIsLater()) return null;
  return (
    <>
      <LongTextField
        {...text("summary")}
        label={event.summary}
        hint={event.summaryHint}
        optional
        rows={2}
      />
      <LongTextField
        {...text("description")}
        label={event.description}
        hint={event.descriptionHint}
        optional
      />
      <EventDetails {...stage} />
      <EventPeople {...stage} />
      <EventHours {...stage} />
    </>
  );
}
