import { More } from "../fields/More";
import { PictureField } from "../fields/PictureField";
import { TextField } from "../fields/TextField";
import { StageFrame } from "../parts/StageFrame";
import { useTexts } from "../texts";
import { Gallery } from "./media/Gallery";
import { Sponsors } from "./media/Sponsors";
import { useStageSponsorsMedia } from "./useStageSponsorsMedia";

export default function SponsorsMedia() {
  const { media } = useTexts();
  const stage = useStageSponsorsMedia();
  const { form, text, cover } = stage;
  return (
    <StageFrame stage="sponsorsMedia" form={form} question={media.question} lead={media.lead}>
      <section className="form gap-5">
        <h2 className="heading-2">{media.cover}</h2>
        <PictureField {...cover} />
      </section>
      <Gallery {...stage} />
      <Sponsors {...stage} />
      <More label={media.press} summary={form.data.hashtag ?? ""}>
        <TextField {...text("videoUrl")} label={media.video} optional type="url" />
        <TextField {...text("hashtag")} label={media.hashtag} optional verbatim />
        <TextField {...text("pressContact")} label={media.pressContact} optional />
      </More>
    </StageFrame>
  );
}
