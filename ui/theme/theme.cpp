#include "ui/theme/theme.h"

#include <QGuiApplication>

namespace enroll::ui {

std::optional<ThemeChoice> themeChoiceFromText(const QString& text)
{
    if (text == QLatin1String("system")) {
        return ThemeChoice::System;
    }
    if (text == QLatin1String("light")) {
        return ThemeChoice::Light;
    }
    if (text == QLatin1String("dark")) {
        return ThemeChoice::Dark;
    }
    return std::nullopt;
}

Shade shadeFor(ThemeChoice choice, const QPalette& system)
{
    if (choice != ThemeChoice::System) {
        return choice == ThemeChoice::Dark ? Shade::Dark : Shade::Light;
    }
    const auto window = system.color(QPalette::Window).lightness();
    const auto text = system.color(QPalette::WindowText).lightness();
    return window < text ? Shade::Dark : Shade::Light;
}

QPalette paletteOf(const Tokens& tokens)
{
    QPalette palette;
    palette.setColor(QPalette::Window, tokens.window);
    palette.setColor(QPalette::WindowText, tokens.ink);
    palette.setColor(QPalette::Base, tokens.surface);
    palette.setColor(QPalette::AlternateBase, tokens.raised);
    palette.setColor(QPalette::Text, tokens.ink);
    palette.setColor(QPalette::PlaceholderText, tokens.ink3);
    palette.setColor(QPalette::Button, tokens.surface);
    palette.setColor(QPalette::ButtonText, tokens.ink);
    palette.setColor(QPalette::Highlight, tokens.primary);
    palette.setColor(QPalette::HighlightedText, tokens.onPrimary);
    palette.setColor(QPalette::ToolTipBase, tokens.raised);
    palette.setColor(QPalette::ToolTipText, tokens.ink);
    palette.setColor(QPalette::Disabled, QPalette::Text, tokens.ink3);
    palette.setColor(QPalette::Disabled, QPalette::ButtonText, tokens.ink3);
    return palette;
}

Theme::Theme(ThemeChoice choice, Viewing viewing, QObject* parent)
    : QObject(parent), m_choice(choice), m_viewing(viewing), m_shade(shadeFor(choice, QGuiApplication::palette()))
{}

void Theme::setViewing(const Viewing& viewing)
{
    if (viewing != m_viewing) {
        m_viewing = viewing;
        Q_EMIT changed();
    }
}

void Theme::followSystem(const QPalette& system)
{
    const auto shade = shadeFor(m_choice, system);
    if (shade != m_shade) {
        m_shade = shade;
        Q_EMIT changed();
    }
}

} // namespace enroll::ui
