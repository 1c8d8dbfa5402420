#pragma once

#include "core/station/slot_state.h"
#include "ui/theme/theme.h"

#include <QWidget>

namespace enroll::ui {

/// Beside the only slot: its steps with their times, its record, its TPM.
class SlotSidePanel final : public QWidget {
    Q_OBJECT

public:
    explicit SlotSidePanel(const Theme& theme, QWidget* parent = nullptr);

    void show(const station::SlotState& state, const std::optional<enrollment::RecordSummary>& record,
              const std::string& device);
    using QWidget::show;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    station::SlotState m_state;
    std::optional<enrollment::RecordSummary> m_record;
    std::string m_device;
};

} // namespace enroll::ui
