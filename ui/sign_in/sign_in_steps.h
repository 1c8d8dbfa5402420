#pragma once

#include "ui/sign_in/pin_pad.h"
#include "ui/sign_in/sign_in_content.h"

namespace enroll::ui {

/// The right side of the sign-in screen: what to do now, and the pad for the PIN.
class SignInStepsView final : public QWidget {
    Q_OBJECT

public:
    explicit SignInStepsView(const Theme& theme, QWidget* parent = nullptr);

    void show(const SignInSteps& steps);
    using QWidget::show;
    /// How many digits the pad shows.
    void showDigits(std::size_t digits, bool ready);
    void setScale(const ScreenScale& scale);
    [[nodiscard]] const SignInSteps& steps() const { return m_steps; }
    /// Nothing of the remark is cut.
    [[nodiscard]] bool remarkIsWhole() const;
    [[nodiscard]] PinPad& pad() const { return *m_pad; }
    [[nodiscard]] FlatButton* startAgain() const { return m_again; }
    [[nodiscard]] FlatButton* help() const { return m_help; }

Q_SIGNALS:
    void startAgainPressed();
    void helpPressed();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    [[nodiscard]] bool asksPin() const { return !m_steps.person.isEmpty(); }
    /// Where the block of steps begins.
    [[nodiscard]] QPointF origin() const;
    [[nodiscard]] QRectF textRoom(double top, double height) const;
    void arrange();
    void paintPerson(QPainter& painter) const;
    void paintHeading(QPainter& painter, int step, double top) const;
    void paintTyped(QPainter& painter) const;
    [[nodiscard]] QRectF pictureRoom() const;
    [[nodiscard]] QString remarkText() const;
    /// Without its edge.
    [[nodiscard]] QRectF remarkBox() const;
    [[nodiscard]] QFont remarkFont() const;
    void paintRemark(QPainter& painter) const;

    const Theme& m_theme;
    ScreenScale m_scale;
    SignInSteps m_steps;
    std::size_t m_digits = 0;
    bool m_ready = false;
    PinPad* m_pad;
    FlatButton* m_again;
    FlatButton* m_help;
};

} // namespace enroll::ui
