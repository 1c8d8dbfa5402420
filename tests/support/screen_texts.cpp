#include "tests/support/screen_texts.h"

#include <QAccessible>
#include <QPaintDevice>
#include <QPaintEngine>
#include <QRegularExpression>
#include <QWidget>

#include <algorithm>
#include <array>

namespace enroll::test {
namespace {

/// Takes a painter's texts and draws nothing.
class TextEngine final : public QPaintEngine {
public:
    TextEngine() : QPaintEngine(QPaintEngine::AllFeatures) {}

    bool begin(QPaintDevice*) override { return true; }
    bool end() override { return true; }
    void updateState(const QPaintEngineState&) override {}
    void drawPixmap(const QRectF&, const QPixmap&, const QRectF&) override {}
    void drawPath(const QPainterPath&) override {}
    void drawPolygon(const QPointF*, int, PolygonDrawMode) override {}
    void drawPolygon(const QPoint*, int, PolygonDrawMode) override {}
    void drawTextItem(const QPointF&, const QTextItem& item) override { m_texts << item.text(); }
    [[nodiscard]] Type type() const override { return User; }

    [[nodiscard]] const QStringList& texts() const { return m_texts; }

private:
    QStringList m_texts;
};

/// A screen of \p widget's size that keeps texts alone.
class TextDevice final : public QPaintDevice {
public:
    explicit TextDevice(const QWidget& widget) : m_widget(widget) {}

    [[nodiscard]] QPaintEngine* paintEngine() const override { return &m_engine; }
    [[nodiscard]] const QStringList& texts() const { return m_engine.texts(); }

protected:
    [[nodiscard]] int metric(PaintDeviceMetric metric) const override
    {
        constexpr int kDotsPerInch = 96;
        switch (metric) {
        case PdmWidth:
            return m_widget.width();
        case PdmHeight:
            return m_widget.height();
        case PdmDpiX:
        case PdmDpiY:
        case PdmPhysicalDpiX:
        case PdmPhysicalDpiY:
            return kDotsPerInch;
        case PdmDevicePixelRatio:
            return 1;
        case PdmDevicePixelRatioScaled:
            return static_cast<int>(devicePixelRatioFScale());
        case PdmDepth:
            return 32;
        default:
            return 0;
        }
    }

private:
    const QWidget& m_widget;
    mutable TextEngine m_engine;
};

void addSaid(const QWidget& widget, QStringList& texts)
{
    texts << widget.accessibleName() << widget.accessibleDescription() << widget.toolTip() << widget.statusTip()
          << widget.whatsThis() << widget.windowTitle();
}

/// What an assistive program reads where it is not a property of the widget: a button's text, a label's.
void addRead(QWidget& widget, QStringList& texts)
{
    auto* interface = QAccessible::queryAccessibleInterface(&widget);
    if (interface == nullptr) {
        return;
    }
    for (const auto part : {QAccessible::Name, QAccessible::Description, QAccessible::Help}) {
        texts << interface->text(part);
    }
}

} // namespace

QStringList paintedTexts(QWidget& widget)
{
    TextDevice device(widget);
    widget.render(&device);
    return device.texts();
}

QStringList visibleTexts(QWidget& widget)
{
    auto texts = paintedTexts(widget);
    auto widgets = widget.findChildren<QWidget*>();
    widgets.prepend(&widget);
    for (auto* each : widgets) {
        if (each == &widget || each->isVisibleTo(&widget)) {
            addSaid(*each, texts);
            addRead(*each, texts);
        }
    }
    texts.removeAll(QString());
    texts.removeDuplicates();
    return texts;
}

QStringList untranslated(const QStringList& texts, const QStringList& known)
{
    static const QRegularExpression code(QStringLiteral("\\b([DHBSUP]-[0-9]{3}|[0-9a-f]{4}( [0-9a-f]{4}){2})\\b"));
    static const QRegularExpression english(QStringLiteral("[A-Za-z]"));
    QStringList found;
    for (const auto& text : texts) {
        auto rest = QString(text).remove(code);
        for (const auto& word : known) {
            rest.remove(word);
        }
        if (rest.contains(english)) {
            found << text;
        }
    }
    return found;
}

} // namespace enroll::test
