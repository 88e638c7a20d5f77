package main

import (
	"fmt"
	"net"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig/v3"
	"sigs.k8s.io/yaml"
)

// functions are those that workflow templates have: hermetic sprig and four of Tinkerbell's own.
func functions() template.FuncMap {
	all := sprig.HermeticTxtFuncMap()
	all["formatPartition"] = formatPartition
	all["netmaskToPrefixLength"] = netmaskToPrefixLength
	all["toYaml"] = toYaml
	all["fromYaml"] = fromYaml
	return all
}

func formatPartition(device string, partition int) string {
	separator := ""
	switch {
	case strings.HasPrefix(device, "/dev/disk/"):
		separator = "-part"
	case device != "" && strings.ContainsRune("0123456789", rune(device[len(device)-1])):
		separator = "p"
	}
	return fmt.Sprint(device, separator, partition)
}

func netmaskToPrefixLength(mask string) (string, error) {
	ip := net.ParseIP(mask)
	if ip == nil {
		return "", fmt.Errorf("invalid netmask format: %s", mask)
	}
	if ip.To4() == nil {
		return "", fmt.Errorf("netmask must be IPv4: %s", mask)
	}
	ones, _ := net.IPMask(ip.To4()).Size()
	return fmt.Sprint(ones), nil
}

func toYaml(value any) (string, error) {
	text, err := yaml.Marshal(value)
	if err != nil {
		return "", fmt.Errorf("toYaml: %w", err)
	}
	return strings.TrimSuffix(string(text), "\n"), nil
}

func fromYaml(text string) (any, error) {
	if text == "" {
		return nil, fmt.Errorf("fromYaml: empty YAML input")
	}
	var value any
	if err := yaml.Unmarshal([]byte(text), &value); err != nil {
		return nil, fmt.Errorf("fromYaml: %w", err)
	}
	return value, nil
}
