#pragma once

#include "ui/theme/theme.h"
#include "ui/widgets/screen_scale.h"

#include <QAbstractButton>

namespace enroll::ui {

/// A button for fingers. Never takes the focus, which belongs to the scanner and the keyboard; each has a key that does the
/// same.
class FlatButton final : public QAbstractButton {
    Q_OBJECT

public:
    enum class Look {
        Plain,
        Main,  ///< the one that goes on
        Erase, ///< has a symbol in place of its text
        Help,  ///< a symbol before its text, and no outline
    };

    FlatButton(const Theme& theme, Look look, QWidget* parent);

    void setScale(const ScreenScale& scale, double pixels, QFont::Weight weight);
    /// As wide as its text wants it.
    [[nodiscard]] int widthForText() const;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    Look m_look;
    ScreenScale m_scale;
};

} // namespace enroll::ui
