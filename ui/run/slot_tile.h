#pragma once

#include "ui/run/alert.h"
#include "ui/run/tile_content.h"
#include "ui/run/tile_layout.h"
#include "ui/theme/theme.h"

#include <QWidget>

namespace enroll::ui {

/// Whom \p look calls when a tile takes it on; absent: nobody.
std::optional<Alert> alertOf(TileLook look) noexcept;

/// One slot on the screen, painted as a whole. Shows what it is given and tells when a person acts on it.
class SlotTile final : public QWidget {
    Q_OBJECT

public:
    SlotTile(enrollment::SlotNumber slot, const Theme& theme, QWidget* parent = nullptr);

    void setDensity(Density density);
    /// Repaints only for a change. A new verdict, or a question, raises an accessibility alert; progress does not.
    void show(const TileContent& content);
    using QWidget::show;

    [[nodiscard]] const TileContent& content() const { return m_content; }
    [[nodiscard]] enrollment::SlotNumber slot() const { return m_slot; }
    [[nodiscard]] QSize minimumSizeHint() const override;
    /// Where the tile's frame is inside the widget; around it lies the focus ring.
    [[nodiscard]] QRectF frame() const;

    /// What a click does, for whoever cannot click.
    void press() { Q_EMIT activated(m_slot.value); }

Q_SIGNALS:
    /// A click, or an assistive program's press.
    void activated(int slot);
    /// Enter while the tile has the focus: starts nothing.
    void chosen(int slot);
    void focused(int slot);
    void alerted(enroll::ui::Alert alert);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void announce(TileLook before);

    enrollment::SlotNumber m_slot;
    const Theme& m_theme;
    Density m_density = Density::Eight;
    TileContent m_content;
};

} // namespace enroll::ui
