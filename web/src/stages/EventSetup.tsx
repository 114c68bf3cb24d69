import { TitleField } from "../fields/TextField";
import { StageFrame } from "../parts/StageFrame";
import { useStageForm } from "./useStageForm";

export function EventSetup() {
  const form = useStageForm("eventSetup");
  return (
    <StageFrame stage="eventSetup" form={form} question="What is it, and when?">
      <TitleField
        field={form.field("/title")}
        label="Title"
        value={form.data.title}
        onChange={(title) => form.change({ title })}
      />
    </StageFrame>
  );
}
