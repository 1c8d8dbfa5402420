#include "ui/sign_in/pin_pad.h"

#include "core/enrollment/pin.h"

#include <QPainter>

namespace enroll::ui {
namespace {

constexpr double kBoxHeight = 80;
constexpr double kRemark = 92; // between boxes and buttons
constexpr double kButtonHeight = 88;
constexpr double kGap = 16;
constexpr double kCorner = 8;
constexpr double kDot = 20;
constexpr int kColumns = 3;
constexpr int kRows = 4;
// Most PINs have no more; with the seventh digit there are as many as the longest has.
constexpr std::size_t kBoxes = 6;

} // namespace

PinPad::PinPad(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_erase(new FlatButton(theme, FlatButton::Look::Erase, this)),
      m_enter(new FlatButton(theme, FlatButton::Look::Main, this))
{
    for (char digit = '0'; digit <= '9'; ++digit) {
        auto* button = new FlatButton(theme, FlatButton::Look::Plain, this);
        button->setText(QString(QLatin1Char(digit)));
        button->setAccessibleName(button->text());
        connect(button, &FlatButton::clicked, this, [this, digit] { Q_EMIT digitPressed(digit); });
        m_digits.push_back(button);
    }
    m_erase->setAccessibleName(tr("Take the last digit back"));
    m_enter->setText(tr("Sign in"));
    m_enter->setAccessibleName(m_enter->text());
    connect(m_erase, &FlatButton::clicked, this, &PinPad::erasePressed);
    connect(m_enter, &FlatButton::clicked, this, &PinPad::enterPressed);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    setScale({});
}

void PinPad::show(std::size_t digits, bool ready, bool open)
{
    m_count = digits;
    m_open = open;
    for (auto* button : m_digits) {
        button->setEnabled(open);
    }
    m_erase->setEnabled(open && digits > 0);
    m_enter->setEnabled(open && ready);
    setAccessibleName(tr("PIN, %n digits entered", nullptr, static_cast<int>(digits)));
    update();
}

void PinPad::setScale(const ScreenScale& scale)
{
    m_scale = scale;
    for (auto* button : m_digits) {
        button->setScale(scale, 36, QFont::DemiBold);
    }
    m_erase->setScale(scale, 36, QFont::DemiBold);
    m_enter->setScale(scale, 24, QFont::DemiBold);
    arrange();
}

double PinPad::heightAt(const ScreenScale& scale)
{
    return scale.px(kBoxHeight + kRemark + kRows * kButtonHeight + (kRows - 1) * kGap);
}

QRect PinPad::remarkRoom() const
{
    return {0, m_scale.whole(kBoxHeight), width(), m_scale.whole(kRemark)};
}

void PinPad::arrange()
{
    const auto gap = m_scale.px(kGap);
    const auto wide = (width() - (kColumns - 1) * gap) / kColumns;
    const auto high = m_scale.px(kButtonHeight);
    const auto top = m_scale.px(kBoxHeight + kRemark);
    const auto place = [&](FlatButton* button, int column, int row) {
        button->setGeometry(QRectF(column * (wide + gap), top + row * (high + gap), wide, high).toAlignedRect());
    };
    for (int digit = 1; digit <= 9; ++digit) {
        place(this->digit(digit), (digit - 1) % kColumns, (digit - 1) / kColumns);
    }
    place(m_erase, 0, kRows - 1);
    place(digit(0), 1, kRows - 1);
    place(m_enter, 2, kRows - 1);
    update();
}

void PinPad::resizeEvent(QResizeEvent*)
{
    arrange();
}

void PinPad::paintEvent(QPaintEvent*)
{
    const auto& tokens = m_theme.tokens();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto boxes = m_count > kBoxes ? enrollment::kLongestPin : kBoxes;
    const auto gap = m_scale.px(kGap);
    const auto wide = (width() - static_cast<double>(boxes - 1) * gap) / static_cast<double>(boxes);
    for (std::size_t box = 0; box < boxes; ++box) {
        const QRectF room(static_cast<double>(box) * (wide + gap), 0, wide, m_scale.px(kBoxHeight));
        const bool next = box == m_count && m_open;
        const auto line = next ? 3.0 : 1.0;
        painter.setPen(QPen(next ? tokens.ink : tokens.control, line));
        painter.setBrush(m_open ? tokens.surface : tokens.window);
        painter.drawRoundedRect(room.adjusted(line / 2, line / 2, -line / 2, -line / 2), m_scale.px(kCorner),
                                m_scale.px(kCorner));
        if (box < m_count) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(tokens.ink);
            painter.drawEllipse(room.center(), m_scale.px(kDot) / 2, m_scale.px(kDot) / 2);
        }
    }
}

} // namespace enroll::ui
