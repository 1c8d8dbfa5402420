#include "ui/run/slot_pane.h"

#include <QBoxLayout>

#include <utility>

namespace enroll::ui {

SlotPane::SlotPane(const std::vector<enrollment::SlotNumber>& slots, const Theme& theme, QWidget* parent)
    : QWidget(parent), m_side(slots.size() == 1 ? new SlotSidePanel(theme, this) : nullptr),
      m_detail(new SlotDetail(theme, this))
{
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Ignored);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    if (m_side != nullptr) {
        row->addWidget(m_side);
    }
    row->addWidget(m_detail);
    arrange();
}

void SlotPane::show(const station::SlotState& state, const TileContext& context)
{
    if (m_side != nullptr) {
        m_side->show(state, context.record, context.device);
    }
    if (m_open == context.slot) {
        m_detail->show(detailContent(state, context));
    }
}

void SlotPane::open(enrollment::SlotNumber slot)
{
    if (std::exchange(m_open, slot) != slot) {
        m_detail->rewind();
    }
    arrange();
}

bool SlotPane::close()
{
    const auto closed = std::exchange(m_open, std::nullopt).has_value();
    arrange();
    return closed;
}

void SlotPane::arrange()
{
    m_detail->setVisible(m_open.has_value());
    if (m_side != nullptr) {
        m_side->setVisible(!m_open);
    }
    setVisible(m_side != nullptr || m_open);
}

} // namespace enroll::ui
