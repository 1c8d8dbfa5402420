#pragma once

#include "ui/sign_in/flat_button.h"

#include <vector>

namespace enroll::ui {

/// Boxes that show how many digits were entered, and twelve buttons: the digits, one that takes the last back, and one that
/// signs in. It never shows a digit that was entered.
class PinPad final : public QWidget {
    Q_OBJECT

public:
    explicit PinPad(const Theme& theme, QWidget* parent = nullptr);

    /// \p ready: what was entered is long enough to be a PIN. \p open: digits are taken now.
    void show(std::size_t digits, bool ready, bool open);
    using QWidget::show;
    void setScale(const ScreenScale& scale);
    /// In the reference design: 512 wide.
    [[nodiscard]] static double heightAt(const ScreenScale& scale);
    /// What stands between boxes and buttons is another's to paint.
    [[nodiscard]] QRect remarkRoom() const;
    [[nodiscard]] FlatButton* digit(int digit) const { return m_digits.at(static_cast<std::size_t>(digit)); }
    [[nodiscard]] FlatButton* erase() const { return m_erase; }
    [[nodiscard]] FlatButton* enter() const { return m_enter; }

Q_SIGNALS:
    void digitPressed(char digit);
    void erasePressed();
    void enterPressed();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();

    const Theme& m_theme;
    ScreenScale m_scale;
    std::size_t m_count = 0;
    bool m_open = false;
    std::vector<FlatButton*> m_digits; ///< by their value
    FlatButton* m_erase;
    FlatButton* m_enter;
};

} // namespace enroll::ui
