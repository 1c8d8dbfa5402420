#include "ui/run/slot_side_panel.h"

#include "ui/run/step_names.h"
#include "ui/run/tile_content.h"
#include "ui/widgets/fitted_text.h"

#include <QLocale>
#include <QPainter>

#include <algorithm>

namespace enroll::ui {
namespace {

using attestation::AttestationStep;
using attestation::StepOutcome;

const QSizeF kReference{624, 856};

enum class StepLook { Waiting, Running, Done, Deciding, Skipped };

struct StepLine {
    QString name;
    StepLook look = StepLook::Waiting;
    QString time;
};

StepLook lookOf(StepOutcome outcome)
{
    switch (outcome) {
    case StepOutcome::Ok:
        return StepLook::Done;
    case StepOutcome::Finding:
    case StepOutcome::Failed:
        return StepLook::Deciding;
    case StepOutcome::Skipped:
        break;
    }
    return StepLook::Skipped;
}

std::vector<StepLine> linesOf(const station::SlotRunning& running)
{
    std::vector<StepLine> lines;
    for (const auto step : attestation::kAllSteps) {
        if (step == AttestationStep::Connect) {
            continue;
        }
        const auto distance = shownStep(step) - shownStep(running.step);
        const auto look = distance < 0 ? StepLook::Done : distance == 0 ? StepLook::Running : StepLook::Waiting;
        lines.push_back({stepName(step), look, {}});
    }
    return lines;
}

/// A step that only warned has passed. A step's detail names its findings.
bool onlyWarned(const attestation::StepRecord& step, const std::vector<attestation::Finding>& findings)
{
    using attestation::Severity;
    const auto named = QString::fromStdString(step.detail).split(QStringLiteral(", "));
    const auto names = [&named](const attestation::Finding& finding) {
        return named.contains(QString::fromStdString(finding.id));
    };
    const auto decides = [&names](const attestation::Finding& finding) {
        return finding.severity >= Severity::Hold && names(finding);
    };
    return step.outcome == StepOutcome::Finding && std::ranges::any_of(findings, names) &&
           std::ranges::none_of(findings, decides);
}

StepLook lookOf(const attestation::StepRecord& step, const enrollment::AttestationRun& run)
{
    return onlyWarned(step, run.findings) ? StepLook::Done : lookOf(step.outcome);
}

/// Connect and identify are one line; its time is their sum, its look the graver one's.
std::vector<StepLine> linesOf(const enrollment::AttestationRun& run)
{
    std::vector<StepLine> lines;
    std::chrono::milliseconds carried{0};
    auto carriedLook = StepLook::Done;
    for (const auto& step : run.steps) {
        if (step.step == AttestationStep::Connect) {
            carried = step.duration;
            carriedLook = lookOf(step, run);
            continue;
        }
        const auto look = carriedLook == StepLook::Done ? lookOf(step, run) : carriedLook;
        const auto took = step.duration + carried;
        lines.push_back({stepName(step.step), look, look == StepLook::Skipped ? QString() : secondsText(took)});
        carried = {};
        carriedLook = StepLook::Done;
    }
    return lines;
}

std::vector<StepLine> linesOf(const station::SlotState& state)
{
    if (const auto* running = std::get_if<station::SlotRunning>(&state)) {
        return linesOf(*running);
    }
    if (const auto* finished = std::get_if<station::SlotFinished>(&state)) {
        return linesOf(finished->run);
    }
    std::vector<StepLine> lines;
    for (const auto step : attestation::kAllSteps) {
        if (step != AttestationStep::Connect) {
            lines.push_back({stepName(step), StepLook::Waiting, {}});
        }
    }
    return lines;
}

class SidePainting {
public:
    SidePainting(QPainter& painter, const QRectF& area, const Tokens& tokens)
        : m_painter(painter), m_tokens(tokens),
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
        paintLine(m_painter, box, line.time, textFont(px(22)), m_tokens.ink2, Qt::AlignRight | Qt::AlignVCenter);
    }

    void mark(const RecordMark& mark)
    {
        const auto box = row(36);
        paintRecordSymbol(m_painter, {box.left(), box.center().y() - px(11), px(22), px(22)}, mark.symbol,
                          m_tokens.ink);
        paintLine(m_painter, box.adjusted(px(34), 0, 0, 0), mark.word, textFont(px(22), QFont::DemiBold), m_tokens.ink);
    }

    void fact(const QString& name, const QString& value)
    {
        const auto box = row(36);
        paintLine(m_painter, box, name, textFont(px(20)), m_tokens.ink2);
        paintLine(m_painter, box.adjusted(px(152), 0, 0, 0), value, textFont(px(20), QFont::DemiBold), m_tokens.ink);
    }

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
            return paintRecordSymbol(m_painter, box, RecordSymbol::Rejected, m_tokens.ink);
        case StepLook::Waiting:
        case StepLook::Skipped:
            return paintRecordSymbol(m_painter, box, RecordSymbol::None, m_tokens.ink3);
        }
    }

    QPainter& m_painter;
    const Tokens& m_tokens;
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
        const auto name = QString::fromStdString(tpm.manufacturer + " " + tpm.vendorString).simplified();
        side.fact(SlotSidePanel::tr("TPM"),
                  SlotSidePanel::tr("%1, firmware %2").arg(name, QString::fromStdString(tpm.firmware)));
    }
    if (finished != nullptr && finished->run.endorsementKey) {
        side.fact(SlotSidePanel::tr("EK"), groupedHex(finished->run.endorsementKey->sha256));
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

    SidePainting side(painter, area, tokens);
    side.title(tr("Steps"));
    for (const auto& line : linesOf(m_state)) {
        side.step(line);
    }
    side.separatorAt(500);
    side.title(tr("Record"));
    const auto content = tileContent(m_state, {{1}, m_device, std::chrono::steady_clock::now(), nullptr, m_record});
    for (const auto& mark : content.marks) {
        side.mark(mark);
    }
    if (!content.record.isEmpty()) {
        side.mark({RecordSymbol::None, content.record});
    }
    side.separatorAt(650);
    paintFacts(side, m_state, m_device);
}

} // namespace enroll::ui
