#include "ui/run/slot_side_panel.h"

#include "ui/run/detail_content.h"
#include "ui/run/side_painting.h"

#include <QPainter>

#include <algorithm>

namespace enroll::ui {
namespace {

const QSizeF kReference{624, 856};

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
    const auto scale = std::min(area.width() / kReference.width(), area.height() / kReference.height());
    SidePainting side(&painter, area, roomyDesign(), scale, content.look, tokens);
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
    for (const auto& fact : tpmFacts(m_state, m_device)) {
        isHex(fact.fact) ? side.hex(fact.name, fact.value) : side.fact(fact.name, fact.value);
    }
}

} // namespace enroll::ui
