#include "ui/run/slot_side_panel.h"

#include "ui/model/catalog_text.h"
#include "ui/model/step_lines.h"
#include "ui/run/tile_painter.h"
#include "ui/widgets/fitted_text.h"

#include <QDateTime>
#include <QFontMetricsF>
#include <QLocale>
#include <QPainter>

#include <algorithm>

namespace enroll::ui {
namespace {

const QSizeF kReference{624, 856};

/// A record's symbol and word, and what is to be said of it beside them.
struct RecordLine {
    RecordMark mark;
    QString detail;
};

QString savedAt(const enrollment::AttestationRun& run)
{
    const auto end = QDateTime::fromMSecsSinceEpoch((run.startedAt + run.duration).time_since_epoch().count());
    return QLocale().toString(end, QStringLiteral("HH:mm:ss"));
}

/// The destinations where the record is in the state that is shown: another may have answered otherwise, or not yet.
QString destinationsText(const enrollment::RecordSummary& record)
{
    using enrollment::RecordState;
    const auto shown = record.state.knownOr(RecordState::Queued);
    QStringList names;
    for (const auto& destination : record.destinations) {
        if (destination.state.knownOr(RecordState::Queued) == shown) {
            names << QString::fromStdString(destination.destination.text());
        }
    }
    const auto destinations = names.join(QLatin1String(", "));
    switch (shown) {
    case RecordState::Queued:
        return SlotSidePanel::tr("for %1", "queued for a destination").arg(destinations);
    case RecordState::Sent:
        return SlotSidePanel::tr("from %1", "no answer from a destination").arg(destinations);
    case RecordState::Accepted:
    case RecordState::Rejected:
    case RecordState::SetAside:
        break;
    }
    return SlotSidePanel::tr("by %1", "accepted or rejected by a destination").arg(destinations);
}

QString detailOf(RecordSymbol symbol, const enrollment::AttestationRun& run,
                 const std::optional<enrollment::RecordSummary>& record)
{
    if (symbol == RecordSymbol::Saved) {
        return savedAt(run);
    }
    return record && symbol != RecordSymbol::None ? destinationsText(*record) : QString();
}

std::vector<RecordLine> recordLines(const TileContent& content, const station::SlotState& state,
                                    const std::optional<enrollment::RecordSummary>& record)
{
    std::vector<RecordLine> lines;
    const auto* finished = std::get_if<station::SlotFinished>(&state);
    const auto& summary = record || finished == nullptr ? record : finished->run.record;
    for (const auto& mark : content.marks) {
        lines.push_back({mark, finished == nullptr ? QString() : detailOf(mark.symbol, finished->run, summary)});
    }
    if (!content.record.isEmpty()) {
        lines.push_back({{RecordSymbol::None, content.record}, {}});
    } else if (content.look == TileLook::Fail || content.look == TileLook::Hold) {
        lines.push_back(
            {{RecordSymbol::None, SlotSidePanel::tr("Not for upload")}, SlotSidePanel::tr("only PASS is enrolled")});
    }
    return lines;
}

class SidePainting {
public:
    SidePainting(QPainter& painter, const QRectF& area, TileLook look, const Tokens& tokens)
        : m_painter(painter), m_tokens(tokens), m_look(look),
          m_scale(std::min(area.width() / kReference.width(), area.height() / kReference.height())),
          m_area(area.adjusted(px(24), px(20), -px(24), -px(20))), m_y(m_area.top())
    {}

    void title(const QString& text)
    {
        paintLine(m_painter, row(32), text, textFont(px(22), QFont::DemiBold), m_tokens.ink);
        m_y += px(6);
    }

    void step(const StepLine& line)
    {
        const auto box = row(56);
        const QRectF icon(box.left(), box.center().y() - px(14), px(28), px(28));
        paintStepIcon(icon, line.look);
        const auto strong = line.look == StepLook::Running || line.look == StepLook::Deciding;
        const auto faint = line.look == StepLook::Waiting || line.look == StepLook::Skipped;
        paintLine(m_painter, box.adjusted(px(44), 0, -px(90), 0), line.name,
                  textFont(px(24), strong ? QFont::DemiBold : QFont::Normal), faint ? m_tokens.ink3 : m_tokens.ink);
        paintLine(m_painter, box, line.time, textFont(px(22), strong ? QFont::DemiBold : QFont::Normal),
                  strong ? m_tokens.ink : m_tokens.ink2, Qt::AlignRight | Qt::AlignVCenter);
    }

    void record(const RecordLine& line)
    {
        const auto box = row(36);
        paintRecordSymbol(m_painter, {box.left(), box.center().y() - px(11), px(22), px(22)}, line.mark.symbol,
                          m_tokens.ink);
        const auto word = textFont(px(22), QFont::DemiBold);
        const auto text = box.adjusted(px(34), 0, 0, 0);
        paintLine(m_painter, text, line.mark.word, word, m_tokens.ink);
        const auto used = QFontMetricsF(word).horizontalAdvance(line.mark.word) + px(12);
        paintLine(m_painter, text.adjusted(used, 0, 0, 0), line.detail, textFont(px(22)), m_tokens.ink2);
    }

    void fact(const QString& name, const QString& value) { fact(name, value, textFont(px(20), QFont::DemiBold)); }

    void fact(const QString& name, const QString& value, const QFont& font)
    {
        const auto box = row(36);
        paintLine(m_painter, box, name, textFont(px(20)), m_tokens.ink2);
        paintLine(m_painter, box.adjusted(px(152), 0, 0, 0), value, font, m_tokens.ink,
                  Qt::AlignLeft | Qt::AlignVCenter, Qt::ElideMiddle);
    }

    void hex(const QString& name, const QString& value) { fact(name, value, monoFont(px(20))); }

    /// A separating line, at least \p reference below the top.
    void separatorAt(double reference)
    {
        m_y = std::max(m_y + px(16), m_area.top() + px(reference));
        m_painter.fillRect(QRectF(m_area.left() - px(24), m_y, m_area.width() + px(48), 1), m_tokens.line);
        m_y += px(20);
    }

private:
    [[nodiscard]] double px(double reference) const { return reference * m_scale; }

    QRectF row(double reference)
    {
        const QRectF box(m_area.left(), m_y, m_area.width(), px(reference));
        m_y += px(reference);
        return box;
    }

    void paintStepIcon(const QRectF& box, StepLook look)
    {
        switch (look) {
        case StepLook::Done:
            return paintTick(m_painter, box, m_tokens.ink);
        case StepLook::Running:
            return paintProgressRing(m_painter, box, m_tokens.ink, 0.25);
        case StepLook::Deciding:
            return paintDeciding(box);
        case StepLook::Agreeing:
            return paintRecordSymbol(m_painter, box, RecordSymbol::None, m_tokens.ink);
        case StepLook::Waiting:
        case StepLook::Skipped:
            return paintRecordSymbol(m_painter, box, RecordSymbol::None, m_tokens.ink3);
        }
    }

    /// The only step with a colour: the verdict's.
    void paintDeciding(const QRectF& box)
    {
        const auto colours = coloursOf(m_look, m_tokens);
        const FillPair outline{m_tokens.ready, m_tokens.surface};
        paintSmallVerdictSymbol(m_painter, box, symbolOf(m_look), colours.filled ? colours.pair : outline);
    }

    QPainter& m_painter;
    const Tokens& m_tokens;
    TileLook m_look;
    double m_scale;
    QRectF m_area;
    double m_y;
};

QString groupedHex(const Bytes& bytes)
{
    constexpr qsizetype kShown = 12;
    auto hex = QString::fromStdString(toHex(bytes)).left(kShown);
    for (qsizetype i = hex.size() - 4; i > 0; i -= 4) {
        hex.insert(i, QLatin1Char(' '));
    }
    return hex;
}

void paintFacts(SidePainting& side, const station::SlotState& state, const std::string& device)
{
    const auto* finished = std::get_if<station::SlotFinished>(&state);
    if (finished != nullptr && finished->run.tpm) {
        const auto& tpm = *finished->run.tpm;
        side.fact(SlotSidePanel::tr("TPM"), documentText(tpm.manufacturer + " " + tpm.vendorString).simplified());
        side.fact(SlotSidePanel::tr("Firmware"), documentText(tpm.firmware));
    }
    if (finished != nullptr && finished->run.endorsementKey) {
        side.hex(SlotSidePanel::tr("EK"), groupedHex(finished->run.endorsementKey->sha256));
    }
    side.fact(SlotSidePanel::tr("Device"), QString::fromStdString(device));
}

} // namespace

SlotSidePanel::SlotSidePanel(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Ignored);
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void SlotSidePanel::show(const station::SlotState& state, const std::optional<enrollment::RecordSummary>& record,
                         const std::string& device)
{
    m_state = state;
    m_record = record;
    m_device = device;
    QStringList steps;
    for (const auto& line : stepLines(m_state)) {
        steps << accessibleText(line);
    }
    const auto name = tr("Steps: %1").arg(steps.join(QLatin1String("; ")));
    if (name != accessibleName()) { // progress within a step is not read aloud
        setAccessibleName(name);
    }
    update();
}

void SlotSidePanel::paintEvent(QPaintEvent*)
{
    const auto& tokens = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto area = QRectF(rect()).adjusted(0.5, 5.5, -5.5, -5.5);
    painter.setPen(QPen(tokens.line, 1));
    painter.setBrush(tokens.surface);
    painter.drawRoundedRect(area, 8, 8);

    const auto content = tileContent(m_state, {{1}, m_device, std::chrono::steady_clock::now(), nullptr, m_record});
    SidePainting side(painter, area, content.look, tokens);
    side.title(tr("Steps"));
    for (const auto& line : stepLines(m_state)) {
        side.step(line);
    }
    side.separatorAt(500);
    side.title(tr("Record"));
    for (const auto& line : recordLines(content, m_state, m_record)) {
        side.record(line);
    }
    side.separatorAt(650);
    paintFacts(side, m_state, m_device);
}

} // namespace enroll::ui
