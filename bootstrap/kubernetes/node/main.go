// Everything of Kubernetes that runs on a machine of a cluster, official code linked into one static binary: the programs
// share most of their code, so one file is a fifth of what they would take one by one.
package main

import (
	"context"
	"os"

	"github.com/spf13/cobra"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubeadm "k8s.io/kubernetes/cmd/kubeadm/app"
	kubeadmerrors "k8s.io/kubernetes/cmd/kubeadm/app/util/errors"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"

	"capt/bootstrap/kubernetes/internal/command"
	"capt/bootstrap/kubernetes/internal/programs"
	"capt/bootstrap/kubernetes/internal/virtualip"
)

var commands = []command.Command{
	{Name: "etcd", Summary: "the store behind the API server", Run: programs.Etcd},
	{Name: "kube-apiserver", Summary: "the Kubernetes API", Run: programs.Cobra(apiserver.NewAPIServerCommand)},
	{Name: "kube-controller-manager", Summary: "what keeps nodes, pods and services going",
		Run: programs.Cobra(controllermanager.NewControllerManagerCommand)},
	{Name: "kube-scheduler", Summary: "finds nodes for pods",
		Run: programs.Cobra(func() *cobra.Command { return scheduler.NewSchedulerCommand() })},
	{Name: "kube-proxy", Summary: "addresses of services", Run: programs.Cobra(proxy.NewProxyCommand)},
	{Name: "kubelet", Summary: "runs the pods of a machine",
		Run: programs.Cobra(func() *cobra.Command { return kubelet.NewKubeletCommand(context.Background()) })},
	{Name: "kubeadm", Summary: "makes a machine part of a cluster", Run: runKubeadm},
	{Name: "kubectl", Summary: "the command line client", Run: programs.Kubectl},
	{Name: "virtual-ip", Summary: "holds the address of the API servers", Run: virtualip.Run},
}

func main() { command.Main(commands, os.Args) }

func runKubeadm([]string) int {
	kubeadmerrors.HandleError(kubeadm.Run())
	return 0
}
