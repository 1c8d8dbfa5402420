#pragma once

#include "ui/run/page_plan.h"
#include "ui/run/tile_text.h"
#include "ui/theme/theme.h"

#include <QWidget>

namespace enroll::ui {

/// One slot on the screen, painted as a whole. Shows what it is given and tells when a person acts on it.
class SlotTile final : public QWidget {
    Q_OBJECT

public:
    SlotTile(enrollment::SlotNumber slot, const Theme& theme, QWidget* parent = nullptr);

    void setForm(Density density, TileForm form = TileForm::Full);
    /// The sizes of text that it shares with its neighbours; until they are given, it has its own.
    void setSizes(const TileSizes& sizes);
    /// Repaints only for a change. A new verdict, or a question, raises an accessibility alert; progress does not.
    void show(const TileContent& content);
    using QWidget::show;

    [[nodiscard]] const TileContent& content() const { return m_content; }
    [[nodiscard]] enrollment::SlotNumber slot() const { return m_slot; }
    [[nodiscard]] QSize minimumSizeHint() const override;
    /// Where the tile's frame is inside the widget; around it lies the focus ring.
    [[nodiscard]] QRectF frame() const { return frameIn(rect()); }
    [[nodiscard]] TileLayout layoutNow() const;
    [[nodiscard]] const std::optional<TileSizes>& sizes() const { return m_sizes; }

    /// What a click does, for whoever cannot click.
    void press() { Q_EMIT activated(m_slot.value); }

Q_SIGNALS:
    /// A click, or an assistive program's press.
    void activated(int slot);
    /// Enter while the tile has the focus: starts nothing.
    void chosen(int slot);
    void focused(int slot);
    void alerted(enroll::ui::Alert alert);
    /// It says something else; the time and progress of a step are left out.
    void textChanged();
    /// It began to need a person.
    void needsPerson(int slot);

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
    TileForm m_form = TileForm::Full;
    std::optional<TileSizes> m_sizes;
    TileContent m_content;
};

} // namespace enroll::ui
