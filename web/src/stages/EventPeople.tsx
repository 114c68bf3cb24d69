import type { Participant } from "../api/generated";
import { ListField } from "../fields/ListField";
import { More } from "../fields/More";
import { TextField } from "../fields/TextField";
import { useTexts } from "../texts";
import type { useStageEventSetup } from "./useStageEventSetup";

type Props = Pick<ReturnType<typeof useStageEventSetup>, "form" | "limits">;

/** Performers and co-organizers. */
export function EventPeople({ form, limits }: Props) {
  const { event } = useTexts();
  const people = [...(form.data.performers ?? []), ...(form.data.organizers ?? [])];
  const summary = people.flatMap(({ name }) => name || []).join(", ");
  return (
    <More label={event.people} summary={summary}>
      <Participants
        form={form}
        name="performers"
        label={event.performers}
        hint={event.performersHint}
        addLabel={event.addPerformer}
        most={limits?.performers}
      />
      <Participants
        form={form}
        name="organizers"
        label={event.coOrganizers}
        addLabel={event.addCoOrganizer}
        most={limits?.organizers}
      />
    </More>
  );
}

interface ParticipantsProps extends Pick<Props, "form"> {
  name: "performers" | "organizers";
  label: string;
  hint?: string;
  addLabel: string;
  most: number | undefined;
}

function Participants({ form, name, ...list }: ParticipantsProps) {
  const { event } = useTexts();
  return (
    <ListField<Participant>
      {...list}
      items={form.data[name] ?? []}
      onChange={(people) => form.change({ [name]: people })}
      empty={() => ({})}
      nameOf={(person, index) => person.name || event.theEntry(index + 1)}
      disabled={form.disabled}
    >
      {(person, index, change) => (
        <>
          <TextField
            field={form.field(`/${name}/${index}/name`)}
            label={event.name}
            value={person.name}
            onChange={(value) => change({ name: value })}
          />
          <TextField
            field={form.field(`/${name}/${index}/url`)}
            label={event.link}
            optional
            type="url"
            value={person.url}
            onChange={(url) => change({ url })}
          />
        </>
      )}
    </ListField>
  );
}
