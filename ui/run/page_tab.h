#pragma once

#include "ui/run/tile_content.h"
#include "ui/theme/theme.h"
#include "ui/widgets/screen_scale.h"

#include <QAbstractButton>

namespace enroll::ui {

/// What is to be known of a page of slots without turning to it.
struct PageNote {
    int first = 0; ///< the number of its first slot
    int last = 0;
    int waiting = 0;                  ///< so many of its slots need a person
    TileLook worst = TileLook::Ready; ///< of those
    bool next = false;                ///< the next serial goes to one of its slots
    bool operator==(const PageNote&) const = default;
};

/// The page of these tiles, in the order of the fixture.
PageNote noteOf(const std::vector<const TileContent*>& tiles);

/// One page of slots among others: its slots, how many of them need a person and the worst of their states. While another
/// page is shown, it has that state's colour. Never takes the focus, which belongs to the scanner.
class PageTab final : public QAbstractButton {
    Q_OBJECT

public:
    explicit PageTab(const Theme& theme, QWidget* parent = nullptr);

    void show(const PageNote& note);
    using QWidget::show;
    [[nodiscard]] const PageNote& note() const { return m_note; }
    void setScale(const ScreenScale& scale);
    /// "Slots 1 to 8", or "1-8" where the words have no room on one of the tabs.
    enum class Title { Words, Numbers };
    void setTitle(Title title);
    [[nodiscard]] bool holdsWords() const;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void paintGround(QPainter& painter) const;
    /// Paints from the right, and returns what is left of \p row.
    QRectF paintWaiting(QPainter& painter, QRectF row, const QColor& ink) const;
    QRectF paintNext(QPainter& painter, QRectF row) const;
    [[nodiscard]] QFont chipFont() const;
    [[nodiscard]] double padding() const;
    [[nodiscard]] double chipWidth() const;
    /// The page is not shown, and somebody is needed there.
    [[nodiscard]] bool calls() const { return m_note.waiting > 0 && !isChecked(); }

    const Theme& m_theme;
    ScreenScale m_scale;
    PageNote m_note;
    Title m_title = Title::Words;
};

} // namespace enroll::ui
