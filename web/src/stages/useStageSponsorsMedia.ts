import type { Image, Sponsor } from "../api/generated";
import { useWizard } from "../api/wizard";
import { useStageForm } from "./useStageForm";
import { useTextFields } from "./useTextFields";

/** The stage Sponsors and media: what is seen, and who supports it. */
export function useStageSponsorsMedia() {
  const form = useStageForm("sponsorsMedia");
  const text = useTextFields("sponsorsMedia", form);
  const wizard = useWizard();
  const { media, sponsors } = form.data;
  const gallery = media?.gallery ?? [];
  return {
    form,
    text,
    limits: wizard?.limits,
    cover: {
      field: (name: keyof Image) => form.field(`/media/cover/${name}`),
      value: media?.cover,
      onChange: (cover: Image | null) => form.change({ media: { ...media, cover } }),
      disabled: form.disabled,
    },
    gallery,
    changeGallery: (pictures: Image[]) => form.change({ media: { ...media, gallery: pictures } }),
    sponsors: sponsors ?? [],
    changeSponsors: (changed: Sponsor[]) => form.change({ sponsors: changed }),
  };
}

export type MediaStage = ReturnType<typeof useStageSponsorsMedia>;
