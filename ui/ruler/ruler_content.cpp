#include "ui/ruler/ruler_content.h"

#include "ui/model/catalog_text.h"

#include <QCoreApplication>
#include <QLocale>

namespace enroll::ui {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Ruler)
};

/// With a digit behind the point where that says something.
QString millimetresText(double millimetres)
{
    const bool isWhole = std::abs(millimetres - std::round(millimetres)) < 0.05;
    return QLocale().toString(millimetres, 'f', isWhole ? 0 : 1);
}

QString subjectText(const RulerSubject& subject)
{
    const auto& screen = subject.screen;
    const auto name = screen.model.empty() ? screen.connector : screen.model;
    return Words::tr("%1, %2 x %3 pixels", "a screen")
        .arg(documentText(name), QString::number(screen.widthPixels), QString::number(screen.heightPixels));
}

QString knownText(const RulerSubject& subject)
{
    if (subject.configured) {
        return Words::tr(
                   "station.toml says that it is %1 mm wide (screen_width_mm). That counts, not what is measured here.")
            .arg(millimetresText(*subject.configured));
    }
    if (subject.measured) {
        return Words::tr("Measured before: it is %1 mm wide.").arg(millimetresText(*subject.measured));
    }
    return subject.claimed ? Words::tr("Not measured yet. It says of itself that it is %1 mm wide.")
                                 .arg(millimetresText(*subject.claimed))
                           : Words::tr("Not measured yet. It does not say how wide it is.");
}

QString instructionText(RulerWay way)
{
    switch (way) {
    case RulerWay::Length:
        return Words::tr("Measure this bar with a ruler. Enter its length in millimetres.");
    case RulerWay::Ruler:
        return Words::tr("Press + or - until this bar is 100 mm long on a ruler.");
    case RulerWay::BankCard:
        break;
    }
    return Words::tr("Hold a bank card to the frame. Press + or - until it is as wide.");
}

QString lengthText(const RulerDraft& draft)
{
    if (draft.way == RulerWay::Length) {
        return Words::tr("%1 mm").arg(draft.typed);
    }
    return Words::tr("%1 mm").arg(millimetresText(*barLength(draft)));
}

QString remarkText(const RulerState& state)
{
    const auto wide = pictureWidth(state.draft, state.subject).value_or(0);
    switch (state.news) {
    case RulerNews::None:
        break;
    case RulerNews::Kept:
        return Words::tr("Kept for this screen. All sizes follow it.");
    case RulerNews::NotSaved:
        return Words::tr("All sizes follow it until the program ends. It could not be kept: %1 %2",
                         "a code, and what it means")
            .arg(codeText(state.error->code), headlineText(*state.error));
    case RulerNews::NoLength:
        return Words::tr("Nothing was changed. Type the length of the bar first.");
    case RulerNews::TooNarrow:
        return Words::tr(
                   "Nothing was changed. The screen would be %1 mm wide, and no screen is so narrow. Measure again.")
            .arg(millimetresText(wide));
    case RulerNews::TooWide:
        return Words::tr(
                   "Nothing was changed. The screen would be %1 mm wide, and no screen is so wide. Measure again.")
            .arg(millimetresText(wide));
    case RulerNews::Fixed:
        return Words::tr("Nothing was changed. Take screen_width_mm out of station.toml first.");
    case RulerNews::NotAllowed:
        return Words::tr("%1  %2 %3", "a code, and two sentences")
            .arg(codeText(state.error->code), headlineText(*state.error), ui::instructionText(state.error->code));
    }
    return {};
}

std::vector<RulerSample> samplesFor(const Viewing& viewing)
{
    const auto sample = [&](const QString& what, double cap, const QString& text) {
        const auto high = QLocale().toString(cap * viewing.distanceMetres, 'f', 1);
        return RulerSample{Words::tr("%1, capitals %2 mm high", "a kind of text").arg(what, high), text,
                           pixelSize(cap, viewing)};
    };
    return {sample(Words::tr("Smallest text"), cap::kLeast, Words::tr("All steps passed.")),
            sample(Words::tr("What to do"), cap::kInstruction, Words::tr("Remove the device.")),
            sample(Words::tr("Serial number"), cap::kSerial, QStringLiteral("GX-000183"))};
}

} // namespace

bool addTo(QString& typed, QChar character)
{
    constexpr qsizetype kMostDigits = 4; // a bar of metres is on no screen
    const auto point = typed.indexOf(QLatin1Char('.'));
    if (character == QLatin1Char('.') || character == QLatin1Char(',')) {
        if (point >= 0 || typed.isEmpty()) {
            return false;
        }
        typed += QLatin1Char('.');
        return true;
    }
    const bool isDigit = character >= QLatin1Char('0') && character <= QLatin1Char('9');
    if (!isDigit || (point < 0 ? typed.size() == kMostDigits : typed.size() > point + 1)) {
        return false;
    }
    typed += character;
    return true;
}

std::optional<double> barLength(const RulerDraft& draft)
{
    switch (draft.way) {
    case RulerWay::Ruler:
        return kRulerMillimetres;
    case RulerWay::BankCard:
        return kBankCard.width();
    case RulerWay::Length:
        break;
    }
    return draft.typed.isEmpty() ? std::nullopt : std::optional{draft.typed.toDouble()};
}

std::optional<double> pictureWidth(const RulerDraft& draft, const RulerSubject& subject)
{
    const auto length = barLength(draft);
    return length && draft.bar > 0 ? std::optional{*length * subject.pixels / draft.bar} : std::nullopt;
}

Viewing viewingWith(std::optional<double> millimetres, const RulerSubject& subject)
{
    const auto now = subject.configured ? subject.configured : subject.measured;
    const auto wide = millimetres && *millimetres > 0 ? millimetres : now;
    const auto pixels = static_cast<int>(std::lround(subject.pixels));
    constexpr double kMillimetresPerInch = 25.4;
    const auto claimed = subject.claimed ? subject.pixels * kMillimetresPerInch / *subject.claimed : 0;
    return {subject.distanceMetres, dotsPerInch(pixels, wide, claimed)};
}

QString wayText(RulerWay way)
{
    switch (way) {
    case RulerWay::Length:
        return Words::tr("Ruler, type its reading");
    case RulerWay::Ruler:
        return Words::tr("100 mm of a ruler");
    case RulerWay::BankCard:
        break;
    }
    return Words::tr("Bank card");
}

RulerContent rulerContent(const RulerState& state)
{
    const auto& subject = state.subject;
    const auto wide = pictureWidth(state.draft, subject);
    const bool isScreen = wide && judgeScreenWidth(subject.screen.widthPixels, *wide) == ScreenWidth::Plausible;
    const auto viewing = viewingWith(isScreen && !subject.configured ? wide : std::nullopt, subject);
    RulerContent content;
    content.title = Words::tr("How wide is this screen?");
    content.subject = subjectText(subject);
    content.known = knownText(subject);
    content.instruction = instructionText(state.draft.way);
    content.length = lengthText(state.draft);
    if (wide) {
        content.result = Words::tr("Then its picture is %1 mm wide. Enter keeps that.").arg(millimetresText(*wide));
    }
    content.remark = remarkText(state);
    content.sizes =
        Words::tr("Sizes to be read from %1 m", "a distance").arg(QLocale().toString(subject.distanceMetres, 'g', 3));
    content.samples = samplesFor(viewing);
    return content;
}

} // namespace enroll::ui
