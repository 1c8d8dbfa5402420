#include "tests/ui/run/gallery_options.h"

#include <QCoreApplication>

namespace enroll::test {

GalleryOptions::GalleryOptions(const QString& size, const QList<QCommandLineOption>& own)
{
    m_parser.addHelpOption();
    m_parser.addPositionalArgument(QStringLiteral("file"), QStringLiteral("the PNG file"));
    m_parser.addOptions(
        {{QStringLiteral("theme"), QStringLiteral("light or dark"), QStringLiteral("theme")},
         {QStringLiteral("size"), QStringLiteral("of the picture, or several"), QStringLiteral("WxH,..."), size},
         {QStringLiteral("slots"), QStringLiteral("how many"), QStringLiteral("N"), QStringLiteral("8")},
         {QStringLiteral("distance"), QStringLiteral("of the person"), QStringLiteral("METRES"), QStringLiteral("1")},
         {QStringLiteral("dpi"), QStringLiteral("of the screen"), QStringLiteral("DOTS"), QStringLiteral("96")}});
    m_parser.addOptions(own);
    m_parser.process(*QCoreApplication::instance());
    if (m_parser.positionalArguments().size() != 1) {
        m_parser.showHelp(2);
    }
}

ui::ThemeChoice GalleryOptions::theme() const
{
    return text("theme") == QLatin1String("dark") ? ui::ThemeChoice::Dark : ui::ThemeChoice::Light;
}

ui::Viewing GalleryOptions::viewing() const
{
    return {text("distance").toDouble(), text("dpi").toDouble()};
}

QList<QSize> GalleryOptions::sizes() const
{
    QList<QSize> sizes;
    for (const auto& each : text("size").split(QLatin1Char(','))) {
        const auto sides = each.split(QLatin1Char('x'));
        sizes << QSize(sides.value(0).toInt(), sides.value(1).toInt());
    }
    return sizes;
}

QString GalleryOptions::fileFor(const QSize& size) const
{
    auto file = m_parser.positionalArguments().front();
    if (sizes().size() > 1) {
        file.insert(file.lastIndexOf(QLatin1Char('.')), QStringLiteral("-%1x%2").arg(size.width()).arg(size.height()));
    }
    return file;
}

} // namespace enroll::test
