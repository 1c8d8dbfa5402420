#pragma once

#include "ui/sign_in/sign_in_content.h"
#include "ui/theme/theme.h"
#include "ui/widgets/screen_scale.h"

#include <QWidget>

namespace enroll::ui {

/// The left side of the sign-in screen: which station this is, and what state it is in.
class StationCard final : public QWidget {
    Q_OBJECT

public:
    StationCard(const Theme& theme, StationIdentity identity, QWidget* parent = nullptr);

    void show(const std::vector<CardRow>& rows);
    using QWidget::show;
    [[nodiscard]] const std::vector<CardRow>& rows() const { return m_rows; }
    void setScale(const ScreenScale& scale);
    /// Tells assistive programs that there is something to be read, while it is shown.
    void alert();
    /// The date and the time as they are now.
    void showTime();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    /// Returns where the head ends.
    double paintHead(QPainter& painter) const;
    /// Where its value stands, left of it the icon, if it has one.
    [[nodiscard]] double valueWidth(const CardRow& row) const;
    /// In heights of a row: a value that has no room on one line takes two.
    [[nodiscard]] double rowsFor(const CardRow& row) const;
    void paintRow(QPainter& painter, const CardRow& row, const QRectF& room) const;
    void paintFoot(QPainter& painter) const;

    const Theme& m_theme;
    StationIdentity m_identity;
    ScreenScale m_scale;
    std::vector<CardRow> m_rows;
    QString m_date;
    QString m_time;
};

} // namespace enroll::ui
