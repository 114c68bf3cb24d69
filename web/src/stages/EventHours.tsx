import type { OpeningHours, Translation } from "../api/generated";
import { LanguageField } from "../fields/LanguageField";
import { ListField } from "../fields/ListField";
import { More } from "../fields/More";
import { LongTextField, TextField } from "../fields/TextField";
import { TimeField } from "../fields/TimeField";
import { useTexts } from "../texts";
import { longDate } from "../texts/format";
import type { useStageEventSetup } from "./useStageEventSetup";

type Props = Pick<ReturnType<typeof useStageEventSetup>, "form" | "limits">;

/** For events of several days, and for guests of several languages. */
export function EventHours({ form, limits }: Props) {
  const { event, language } = useTexts();
  return (
    <More label={event.hours}>
      <ListField<OpeningHours>
        label={event.openingHours}
        hint={event.openingHoursHint}
        items={form.data.openingHours ?? []}
        onChange={(openingHours) => form.change({ openingHours })}
        empty={() => ({ ...form.data.openingHours?.at(-1), date: form.data.date ?? null })}
        addLabel={event.addHours}
        nameOf={(hours, index) =>
          hours.date ? longDate(hours.date, language) : event.theEntry(index + 1)
        }
        most={limits?.opening_hours}
        disabled={form.disabled}
      >
        {(hours, index, change) =>
          (["date", "opens", "closes"] as const).map((name) => (
            <TimeField
              key={name}
              type={name === "date" ? "date" : "time"}
              field={form.field(`/openingHours/${index}/${name}`)}
              label={{ date: event.day, opens: event.opens, closes: event.closes }[name]}
              value={hours[name]}
              onChange={(value) => change({ [name]: value })}
            />
          ))
        }
      </ListField>
      <ListField<Translation>
        label={event.translations}
        hint={event.translationsHint}
        items={form.data.translations ?? []}
        onChange={(translations) => form.change({ translations })}
        empty={() => ({})}
        addLabel={event.addTranslation}
        nameOf={(translation, index) => translation.language || event.theEntry(index + 1)}
        most={limits?.translations}
        disabled={form.disabled}
      >
        {(translation, index, change) => (
          <>
            <LanguageField
              field={form.field(`/translations/${index}/language`)}
              label={event.translationLanguage}
              value={translation.language}
              onChange={(tag) => change({ language: tag })}
            />
            <TextField
              field={form.field(`/translations/${index}/title`)}
              label={event.title}
              optional
              value={translation.title}
              onChange={(title) => change({ title })}
            />
            <TextField
              field={form.field(`/translations/${index}/summary`)}
              label={event.summary}
              optional
              value={translation.summary}
              onChange={(summary) => change({ summary })}
            />
            <LongTextField
              field={form.field(`/translations/${index}/description`)}
              label={event.description}
              optional
              value={translation.description}
              onChange={(description) => change({ description })}
            />
          </>
        )}
      </ListField>
    </More>
  );
}
