// The programs of a Kubernetes control plane, official code linked into one static binary.
package main

import (
	"os"
	_ "time/tzdata"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	_ "k8s.io/client-go/plugin/pkg/client/auth"
	"k8s.io/component-base/cli"
	"k8s.io/component-base/logs"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	"k8s.io/kubectl/pkg/cmd/util"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"

	"capt/bootstrap/kubernetes/internal/command"
	_ "capt/bootstrap/kubernetes/internal/parent"
)

// A further program of the control plane (kube-scheduler) is one more row here. What runs on machines (kubelet, kubeadm,
// kube-proxy) belongs into a main package of its own beside this one, so that tests need not wait for it to be built.
var commands = []command.Command{
	{Name: "etcd", Summary: "the store behind the API server", Run: runEtcd},
	{Name: "kube-apiserver", Summary: "the Kubernetes API", Run: runCobra(apiserver.NewAPIServerCommand)},
	{Name: "kube-controller-manager", Summary: "garbage collection, namespaces, service accounts …",
		Run: runCobra(controllermanager.NewControllerManagerCommand)},
	{Name: "kubectl", Summary: "the command line client", Run: runKubectl},
}

func main() { command.Main(commands, os.Args) }

// etcdmain is what the official etcd binary runs: every flag of the release binary works here too.
func runEtcd(args []string) int {
	etcdmain.Main(args)
	return 0
}

func runCobra(newCommand func() *cobra.Command) func([]string) int {
	return func([]string) int { return cli.Run(newCommand()) }
}

func runKubectl(args []string) int {
	// Before anything else, as the official main does it: building the command already logs.
	_, _ = logs.GlogSetter(kubectl.GetLogVerbosity(args))
	if err := cli.RunNoErrOutput(kubectl.NewDefaultKubectlCommand()); err != nil {
		util.CheckErr(err)
	}
	return 0
}
