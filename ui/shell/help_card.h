#pragma once

#include "ui/shell/screen.h"
#include "ui/theme/theme.h"
#include "ui/widgets/screen_scale.h"

namespace enroll::ui {

struct KeyLine {
    QKeySequence keys;
    QString title; ///< what they do
    bool operator==(const KeyLine&) const = default;
};

struct HelpContent {
    std::optional<HelpTopic> topic;
    std::vector<KeyLine> keys; ///< empty: they are listed elsewhere
    bool operator==(const HelpContent&) const = default;
};

/// Lies over a screen and says what a code means, or which keys there are. Never takes the focus; a click on it closes it.
class HelpCard final : public QWidget {
    Q_OBJECT

public:
    explicit HelpCard(const Theme& theme, QWidget* parent = nullptr);

    /// Fits its size to what it says.
    void show(const HelpContent& content);
    using QWidget::show;
    [[nodiscard]] const HelpContent& content() const { return m_content; }
    void setScale(const ScreenScale& scale);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    /// Paints everything, or measures it where \p painter is null. Returns its height.
    double paintAll(QPainter* painter) const;
    double paintTopic(QPainter* painter, double top) const;
    double paintKeys(QPainter* painter, double top) const;
    double block(QPainter* painter, double top, const QString& words, const QFont& font, const QColor& colour) const;
    [[nodiscard]] double left() const { return m_scale.px(kMargin); }
    [[nodiscard]] double room() const { return m_scale.px(kWidth - 2 * kMargin); }

    static constexpr double kWidth = 624;
    static constexpr double kMargin = 24;

    const Theme& m_theme;
    ScreenScale m_scale;
    HelpContent m_content;
};

} // namespace enroll::ui
