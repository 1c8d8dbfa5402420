#pragma once

#include "ui/model/station_condition.h"
#include "ui/theme/theme.h"
#include "ui/widgets/screen_scale.h"

#include <QWidget>

#include <functional>
#include <vector>

namespace enroll::ui {

enum class SoftwareTpms { Refused, Allowed };

/// What the header says.
struct RunHeaderContent {
    QString station;
    QString line;
    QString profile;
    SoftwareTpms softwareTpms = SoftwareTpms::Refused;
    std::optional<int> devicesTested; ///< today; absent while not known
    StationCondition condition;
    std::optional<int> queued;
    QString clock;
    bool operator==(const RunHeaderContent&) const = default;
};

/// Which station this is, what it makes, whether it is sound, what waits for the cloud, and the time.
class RunHeader final : public QWidget {
    Q_OBJECT

public:
    explicit RunHeader(const Theme& theme, QWidget* parent = nullptr);

    void show(const RunHeaderContent& content);
    using QWidget::show;
    void setScale(const ScreenScale& scale);
    [[nodiscard]] const RunHeaderContent& content() const { return m_content; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    RunHeaderContent m_content;
    ScreenScale m_scale;
};

} // namespace enroll::ui
