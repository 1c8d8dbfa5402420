#include "ui/sign_in/sign_in_steps.h"

#include "ui/model/catalog_text.h"
#include "ui/sign_in/badge_picture.h"
#include "ui/widgets/fitted_text.h"

#include <QAccessible>
#include <QPainter>

#include <algorithm>

namespace enroll::ui {
namespace {

// In the reference design; distances from the top of the block.
constexpr double kBlockWidth = 584;
constexpr double kTextLeft = 72;
constexpr double kCircle = 48;
constexpr double kHeading = 40;
constexpr double kSmallestHeading = 22;
constexpr double kPersonHeight = 72;
constexpr double kSeparator = 104;
constexpr double kPinHeading = 138;
constexpr double kPad = 210;
constexpr double kFootGap = 32;
constexpr double kFootHeight = 56;
constexpr double kHintTop = 72;
constexpr double kHintHeight = 96;
constexpr double kTypedTop = 176;
constexpr double kRemarkTop = 216;
constexpr double kRemarkHeight = 320;
constexpr double kPictureGap = 24; ///< below a remark
constexpr double kRemark = 36;     ///< where nothing else fills the room it is read from two metres
constexpr double kRemarkByPad = 20;
constexpr double kEdge = 4;

double wholeHeight(const ScreenScale& scale)
{
    return scale.px(kPad + kFootGap + kFootHeight) + PinPad::heightAt(scale);
}

} // namespace

SignInStepsView::SignInStepsView(const Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_pad(new PinPad(theme, this)),
      m_again(new FlatButton(theme, FlatButton::Look::Plain, this)),
      m_help(new FlatButton(theme, FlatButton::Look::Help, this))
{
    m_help->setText(tr("Help"));
    m_help->setAccessibleName(m_help->text());
    connect(m_again, &FlatButton::clicked, this, &SignInStepsView::startAgainPressed);
    connect(m_help, &FlatButton::clicked, this, &SignInStepsView::helpPressed);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    show(SignInSteps{});
}

void SignInStepsView::show(const SignInSteps& steps)
{
    const bool news = steps.heading != m_steps.heading || steps.remark != m_steps.remark;
    m_steps = steps;
    m_again->setText(asksPin() ? tr("Not %1? Start again", "a person").arg(steps.person) : QString());
    m_again->setAccessibleName(m_again->text());
    m_again->setVisible(asksPin());
    m_pad->setVisible(asksPin());
    showDigits(m_digits, m_ready);
    QStringList parts;
    for (const auto& part : {steps.person, steps.heading, steps.hint, steps.remark ? steps.remark->headline : QString(),
                             steps.remark ? steps.remark->next : QString()}) {
        if (!part.isEmpty()) {
            parts << part;
        }
    }
    setAccessibleName(parts.join(QLatin1Char(' ')));
    if (news && isVisible() && steps.stage != SignInStage::Waiting) { // that changes each second
        QAccessibleEvent alert(this, QAccessible::Alert);
        QAccessible::updateAccessibility(&alert);
    }
    arrange();
}

void SignInStepsView::showDigits(std::size_t digits, bool ready)
{
    m_digits = digits;
    m_ready = ready;
    m_pad->show(digits, ready, m_steps.stage == SignInStage::Pin);
}

void SignInStepsView::setScale(const ScreenScale& scale)
{
    m_scale = scale;
    m_pad->setScale(scale);
    m_again->setScale(scale, 20, QFont::Medium);
    m_help->setScale(scale, 20, QFont::Medium);
    arrange();
}

QPointF SignInStepsView::origin() const
{
    const auto left = (width() - m_scale.px(kBlockWidth)) / 2;
    const auto top = (height() - wholeHeight(m_scale)) / 2;
    return {std::max(0.0, left), std::max(m_scale.px(16), top)};
}

QRectF SignInStepsView::textRoom(double top, double height) const
{
    const auto from = origin();
    return {from.x() + m_scale.px(kTextLeft), from.y() + m_scale.px(top), m_scale.px(kBlockWidth - kTextLeft),
            m_scale.px(height)};
}

void SignInStepsView::arrange()
{
    const auto pad = textRoom(kPad, 0);
    const QRectF padRoom(pad.topLeft(), QSizeF(pad.width(), PinPad::heightAt(m_scale)));
    m_pad->setGeometry(padRoom.toAlignedRect());
    const auto foot = padRoom.bottom() + m_scale.px(kFootGap);
    const auto high = m_scale.whole(kFootHeight);
    const auto help = m_help->widthForText();
    const auto again = std::min(m_again->widthForText(), static_cast<int>(padRoom.width()) - help);
    m_again->setGeometry(static_cast<int>(padRoom.left()), static_cast<int>(foot), again, high);
    m_help->setGeometry(static_cast<int>(padRoom.right()) - help, static_cast<int>(foot), help, high);
    update();
}

void SignInStepsView::resizeEvent(QResizeEvent*)
{
    arrange();
}

void SignInStepsView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.tokens().window);
    painter.setRenderHint(QPainter::Antialiasing);
    if (asksPin()) {
        paintPerson(painter);
        paintHeading(painter, 2, kPinHeading);
        return paintRemark(painter);
    }
    paintHeading(painter, 1, 0);
    const auto hint = textRoom(kHintTop, kHintHeight);
    paintBlock(painter, hint, m_steps.hint, fitBlock(m_scale.font(24), m_steps.hint, hint.size(), kSmallestText),
               m_theme.tokens().ink2);
    paintTyped(painter);
    paintRemark(painter);
    if (m_steps.stage == SignInStage::Badge || m_steps.stage == SignInStage::Reading) {
        paintBadge(painter, pictureRoom(), m_theme.tokens());
    }
}

/// The badge that was read, and whose it is.
void SignInStepsView::paintPerson(QPainter& painter) const
{
    const auto& tokens = m_theme.tokens();
    const auto from = origin();
    const QRectF circle(from.x(), from.y() + m_scale.px((kPersonHeight - kCircle) / 2), m_scale.px(kCircle),
                        m_scale.px(kCircle));
    painter.setPen(Qt::NoPen);
    painter.setBrush(tokens.ink);
    painter.drawEllipse(circle);
    const auto inset = m_scale.px(10);
    paintTick(painter, circle.adjusted(inset, inset, -inset, -inset), tokens.surface);
    const auto badge = textRoom(0, 26);
    paintLine(painter, badge, tr("Badge read, %1", "a role").arg(m_steps.role), m_scale.font(20), tokens.ink2);
    const auto name = textRoom(24, kPersonHeight - 24);
    paintLine(
        painter, name, m_steps.person,
        fitLine(m_scale.font(kHeading, QFont::DemiBold), m_steps.person, name.width(), m_scale.whole(kSmallestHeading)),
        tokens.ink);
    painter.fillRect(QRectF(from.x(), from.y() + m_scale.px(kSeparator), m_scale.px(kBlockWidth), 1), tokens.line);
}

void SignInStepsView::paintHeading(QPainter& painter, int step, double top) const
{
    const auto& tokens = m_theme.tokens();
    const auto from = origin();
    const QRectF circle(from.x(), from.y() + m_scale.px(top), m_scale.px(kCircle), m_scale.px(kCircle));
    painter.setPen(QPen(tokens.ink, m_scale.px(3)));
    painter.setBrush(Qt::NoBrush);
    const auto half = m_scale.px(1.5);
    painter.drawEllipse(circle.adjusted(half, half, -half, -half));
    paintLine(painter, circle, QString::number(step), m_scale.font(24, QFont::Bold), tokens.ink, Qt::AlignCenter);
    const auto room = textRoom(top, kCircle);
    paintLine(painter, room, m_steps.heading,
              fitLine(m_scale.font(kHeading, QFont::DemiBold), m_steps.heading, room.width(),
                      m_scale.whole(kSmallestHeading)),
              tokens.ink);
}

/// A code that is typed by hand: how much of it there is.
void SignInStepsView::paintTyped(QPainter& painter) const
{
    constexpr int kMostDots = 32;
    const auto room = textRoom(kTypedTop, 20);
    const auto dot = m_scale.px(10);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.tokens().ink);
    for (int i = 0; i < std::min(m_steps.typed, kMostDots); ++i) {
        painter.drawEllipse(QRectF(room.left() + i * dot * 1.6, room.top(), dot, dot));
    }
}

/// Where digits are entered later; a remark has the upper part of it.
QRectF SignInStepsView::pictureRoom() const
{
    auto room = textRoom(kRemarkTop, kRemarkHeight);
    if (m_steps.remark) {
        room.setTop(room.bottom() + m_scale.px(kPictureGap));
        room.setBottom(textRoom(kPad, 0).top() + PinPad::heightAt(m_scale));
    }
    return room;
}

QString SignInStepsView::remarkText() const
{
    if (!m_steps.remark) {
        return {};
    }
    const auto& remark = *m_steps.remark;
    const auto text =
        remark.next.isEmpty() ? remark.headline : tr("%1 %2", "two sentences").arg(remark.headline, remark.next);
    return lastWordsTogether(remark.code ? tr("%1  %2", "a code, and what it means").arg(codeText(*remark.code), text)
                                         : text);
}

QRectF SignInStepsView::remarkBox() const
{
    const auto room =
        asksPin() ? QRectF(m_pad->remarkRoom().translated(m_pad->pos())) : textRoom(kRemarkTop, kRemarkHeight);
    return room.adjusted(m_scale.px(16), m_scale.px(2), 0, -m_scale.px(2));
}

QFont SignInStepsView::remarkFont() const
{
    return fitBlock(m_scale.font(asksPin() ? kRemarkByPad : kRemark, QFont::DemiBold), remarkText(), remarkBox().size(),
                    kSmallestText);
}

bool SignInStepsView::remarkIsWhole() const
{
    return fitsBlock(remarkFont(), remarkText(), remarkBox().size());
}

void SignInStepsView::paintRemark(QPainter& painter) const
{
    const auto text = remarkText();
    if (text.isEmpty()) {
        return;
    }
    const auto box = remarkBox();
    const auto font = remarkFont();
    const auto used = std::min(box.height(), blockHeight(font, text, box.width()));
    const auto top = box.top() + (asksPin() ? (box.height() - used) / 2 : 0);
    painter.fillRect(QRectF(box.left() - m_scale.px(16), top, m_scale.px(kEdge), used), m_theme.tokens().ink);
    paintBlock(painter, {box.left(), top, box.width(), used + 1}, text, font, m_theme.tokens().ink);
}

} // namespace enroll::ui
